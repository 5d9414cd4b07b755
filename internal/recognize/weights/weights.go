// Package weights carries the engine's nets within a program. The browser fetches the same bytes as a file instead.
package weights

import _ "embed"

// Data is the weight file that recognize.New reads; its layout stands in package neural, its origin in PROVENANCE.md.
//
//go:embed weights.bin
var Data []byte
