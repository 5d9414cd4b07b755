package neural

// FormatError says that a weight file is damaged or was never one.
type FormatError string

func (e FormatError) Error() string { return "neural: malformed weights: " + string(e) }

// UnsupportedError says that a weight file is sound, as far as can be told, but asks for something this version lacks.
type UnsupportedError string

func (e UnsupportedError) Error() string { return "neural: unsupported weights: " + string(e) }

// ShapeError says that a tensor or network does not suit the network or the caller that was to use it.
type ShapeError string

func (e ShapeError) Error() string { return "neural: " + string(e) }
