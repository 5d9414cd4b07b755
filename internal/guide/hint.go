package guide

// Hint is the one thing to tell the person who holds the card. Its text lives with the page, under "hint." and this.
type Hint string

// The hints. None: nothing to say.
const (
	None       Hint = ""
	Search     Hint = "search"     // no card in view yet
	Closer     Hint = "closer"     // the card is too small for its digits
	Farther    Hint = "farther"    // it fills more than the picture
	Centre     Hint = "centre"     // it lies far from the middle
	Straighten Hint = "straighten" // it is seen from too far aside
	CutOff     Hint = "cutoff"     // a border of the picture cuts it
	HoldStill  Hint = "still"      // all is well but for the motion
	Dark       Hint = "dark"
	Glare      Hint = "glare"
	Blurred    Hint = "blurred"
	TwoCards   Hint = "twocards"
	Good       Hint = "good" // sharp and steady: the picture is about to be taken
)
