#!/bin/sh
# Makes sure that the typefaces are there whose print the nets learn from: as root on Debian it installs what is missing,
# elsewhere it names it. Cards are printed in far more faces than a machine has by itself; with other faces the shards
# are others, too.
set -eu
cd "$(dirname "$0")/../../.."
set --
# A family lies in the folder named; its package is called so, too, after "fonts-".
for family in truetype/anonymous-pro opentype/b612 opentype/cabin opentype/cantarell truetype/comfortaa \
	opentype/courier-prime opentype/dosis truetype/firacode truetype/hack truetype/inconsolata truetype/jetbrains-mono \
	opentype/junction truetype/karla truetype/lato opentype/league-mono truetype/liberation truetype/manrope \
	truetype/mononoki truetype/ocr-a opentype/ocr-b truetype/open-sans truetype/oxygen truetype/paratype truetype/play \
	truetype/quicksand opentype/sora truetype/ubuntu-title opentype/urw-base35; do
	set -- "$@" "/usr/share/fonts/$family=fonts-${family#*/}"
done
exec .ci/need "$@" /usr/share/fonts/truetype/dejavu=fonts-dejavu-core /usr/share/fonts/truetype/freefont=fonts-freefont-ttf \
	/usr/share/fonts/truetype/crosextra=fonts-crosextra-carlito /usr/share/fonts/truetype/noto=fonts-noto-mono \
	/usr/share/fonts/truetype/roboto=fonts-roboto-unhinted /usr/share/fonts/opentype/fonts-hosny-thabit=fonts-hosny-thabit
