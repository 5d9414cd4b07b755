package recognize

import "testing"

// Two rows that the card net marks in one patch are told apart wherever on the view they lie, whichever way they run.
func TestRowsOfOnePatchAreToldApart(t *testing.T) {
	for turn := range 4 {
		rows := viewHeight / cellSize
		if turn%2 == 1 {
			rows = viewWidth / cellSize
		}
		for top := range rows - 7 {
			v := patchOfTwoRows(turn, top, rows)
			m := new(run).marks(&v, turn, digitLevel)
			if lines := v.textLines(&m); len(m.parts) != 1 || len(lines) != 2 {
				t.Errorf("turned by %d quarters, %d cells below the reader's top: %d lines in %d patches", turn, top, len(lines), len(m.parts))
			}
		}
	}
}

// patchOfTwoRows returns a view of so many cells from its reader's top to the bottom, with a patch from some cell on that is
// 7 cells high: two rows of 3, one apart.
func patchOfTwoRows(turn, top, rows int) view {
	const w, h = viewWidth / cellSize, viewHeight / cellSize
	cells := func() grid { return grid{make([]float32, w*h), w, h} }
	v := view{digits: [4]grid{cells(), cells(), cells(), cells()}, offset: cells(), height: cells()}
	for i := range v.offset.v {
		along, below := alongBelow(float64(i%w)+0.5, float64(i/w)+0.5, turn)
		if along < 0 {
			along += float64(w + h - rows)
		}
		if below < 0 {
			below += float64(rows)
		}
		below -= float64(top)
		if along < 8 || along > 24 || below < 0 || below > 7 {
			continue
		}
		v.digits[turn].v[i], v.height.v[i] = 1, 1.1 // ln 3
		if v.offset.v[i] = float32(1.5 - below); below > 3.5 {
			v.offset.v[i] += 4
		}
	}
	return v
}
