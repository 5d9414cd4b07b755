package train

import "testing"

// A digit of which a strip's edge leaves half is not asked for, wherever the variations move it.
func TestDigitsCutOffStaySo(t *testing.T) {
	command(t, python(t), "-c", `
import numpy as np, augment, shards, tasks
batch = np.zeros(64, shards.STRIP)
batch["digits"], batch["readable"] = -1, 0
batch["digits"][:, :3], batch["readable"][:, :3], batch["centres"][:, :3] = 7, 1, (1, 150, 351)
for step in range(8):
    _, (digits, readable, centres, cut, _) = tasks.ReaderTask.prepare(batch, augment.Dice(1, step))
    upright = (digits[:, 0] >= 0)
    assert not readable[upright][:, (0, 2)].any(), "half a digit is asked for"
    assert readable[upright][:, 1].all(), "a whole digit is not"
    assert cut[upright].all(), "the line is asked for"
`)
}
