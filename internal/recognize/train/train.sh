#!/usr/bin/env bash
# Draws the shards, trains the three nets and writes the weight file: ./train.sh FOLDER. `make train` calls it.
#
# The shards depend on the seeds below, the typefaces and, by a few levels, the kind of processor only (see package synth).
# The weights depend on these, and in their last digits on THREADS (2), the number of PyTorch's threads, on PyTorch and the
# processor. It may be stopped at any time: started again it goes on where it was, shards that exist are kept and checkpoints
# continued. By estimate two idle cores take six hours, most of it training; where PyTorch finds a GPU the nets run there.
# PYTHON (/usr/bin/python3) is the Python that has PyTorch.
set -euo pipefail # a net whose training fails is not written
mkdir -p "${1:?usage: train.sh FOLDER}"
folder=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-/usr/bin/python3}
threads=${THREADS:-2}
"$python" -c "import numpy, torch" # who lacks them learns it now, and not after hours of drawing
# Keep big blocks of memory between steps instead of asking the kernel for fresh ones.
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=268435456

(cd "$here" && go build -o "$folder/draw" ./draw)
"$folder/draw" -fonts /usr/share/fonts -kind lines -out "$folder/held-out" -seed 1001 -count 2 -per 1024
"$folder/draw" -fonts /usr/share/fonts -kind scenes -out "$folder/held-out" -seed 1001 -count 2 -per 256
"$folder/draw" -fonts /usr/share/fonts -kind lines -out "$folder/shards" -seed 1 -count 70 -per 2048
"$folder/draw" -fonts /usr/share/fonts -kind scenes -out "$folder/shards" -seed 1 -count 60 -per 256
"$folder/draw" -fonts /usr/share/fonts -kind strips -out "$folder/shards" -seed 15 -count 330 -per 256
"$folder/draw" -fonts /usr/share/fonts -kind small -out "$folder/shards" -seed 5 -count 60 -per 1024

train() {
	net=$1
	shift
	"$python" "$here/train.py" "$net" --out "$folder/$net.pt" --val-shards 2 --threads "$threads" --seed 1 "$@" |
		tee -a "$folder/$net.log"
}
train reader --shards "$folder/shards/lines" --shards "$folder/shards/strips:0.6:330" --val "$folder/held-out/lines" \
	--steps 40000 --decay 12000 --sharpen 4000
train locator --shards "$folder/shards/small" --shards "$folder/shards/frames:0.4:60" --val "$folder/held-out/frames" \
	--steps 24000 --decay 8000 --batch 48
train cardnet --shards "$folder/shards/smallviews" --shards "$folder/shards/views:0.5:60" --val "$folder/held-out/views" \
	--steps 24000 --decay 8000 --batch 48

"$python" "$here/export.py" "$folder/weights.bin" "$folder/locator.pt" "$folder/cardnet.pt" "$folder/reader.pt"
