package synth

// CardWidth, CardHeight and CornerRadius are the sizes of an ID-1 card in millimetres (ISO/IEC 7810).
const (
	CardWidth    = 85.60
	CardHeight   = 53.98
	CornerRadius = 3.18
)
