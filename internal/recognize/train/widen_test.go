package train

import "testing"

// A wider net, its copies not parted yet, answers as the narrow one does, whose normalisation has learnt.
func TestWideningChangesNothing(t *testing.T) {
	command(t, python(t), "-c", `
import torch, begin, nets, widen
torch.manual_seed(1)
narrow, wide = nets.Reader((12, 24, 32, 48, 72)).eval(), nets.Reader().eval()
for layer in begin.layers(narrow):
    if isinstance(layer, nets.Conv):
        for field, low, high in (("weight", .5, 2), ("bias", -.3, .3), ("running_mean", -.3, .3), ("running_var", .1, .5)):
            getattr(layer.norm, field).data.uniform_(low, high)
x = torch.randn(4, 1, 32, 352)
with torch.no_grad():
    widen.widen(narrow, wide, 0)
    begin.normalise(wide, [x])
    want, got = narrow(x), wide(x)
error, spread = float((want - got).abs().max()), float(want.std())
assert error < 1e-3 * spread, f"answers of a deviation of {spread} differ by {error}"
`)
}
