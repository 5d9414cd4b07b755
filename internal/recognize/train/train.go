// Package train holds how the engine's weights come to be: draw (Go) writes shards of what internal/synth draws, the
// Python files beside this one train the three nets on them and write the weight file. Run ./train.sh, or `make train`;
// RUNS.md is the log of the runs behind the committed weights; PROVENANCE.md beside them says what they were made from.
//
// Nothing here is part of a program: the package has tests only.
package train
