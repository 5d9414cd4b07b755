package recognize

// Layouts: how issuers group the digits of a number within a printed line, and over several.

// layout is the sizes of a line's groups of digits, left to right, and how rare it is: the natural logarithm of about
// how often cards bear it, up to a constant.
type layout struct {
	groups []int
	prior  float64
}

// wholeNumber holds the layouts of a number that stands on one line.
var wholeNumber = newTree([]layout{
	{[]int{4, 4, 4, 4}, 0},
	{[]int{4, 6, 5}, -0.9},       // American Express
	{[]int{16}, -1.5},            // ungrouped, as on flat Visa and Mastercard designs
	{[]int{6, 13}, -1.2},         // older UnionPay
	{[]int{19}, -1.2},            // UnionPay debit
	{[]int{4, 4, 4, 4, 3}, -0.9}, // UnionPay, Maestro
	{[]int{4, 6, 4}, -1.5},       // Diners Club
	{[]int{6, 12}, -2.1},
	{[]int{17}, -2.1},
	{[]int{18}, -2.1},
	{[]int{4, 4, 4, 4, 2}, -2.4},
	{[]int{8, 8}, -2.1},
	{[]int{4, 12}, -2.4},
	{[]int{4, 4, 4, 5}, -2.4},
	{[]int{4, 3, 3, 3}, -2.1}, // old Visa, 13 digits
	{[]int{4, 4, 5}, -2.4},
	{[]int{4, 5, 6}, -2.4},
	{[]int{13}, -2.1},
	{[]int{15}, -2.4},
	{[]int{14}, -2.4},
})

// The layouts of a row of a number that takes several rows.
const (
	row4 = iota
	row44
	row8
	row6
	row5
	row3
	row4444
)

// numberRow holds them in that order.
var numberRow = newTree([]layout{
	{[]int{4}, 0}, {[]int{4, 4}, 0}, {[]int{8}, 0}, {[]int{6}, 0}, {[]int{5}, 0}, {[]int{3}, 0}, {[]int{4, 4, 4, 4}, 0},
})

// rowLayout is how the digits of a number are shared among rows, from top to bottom, and how rare that is.
type rowLayout struct {
	rows  []int
	prior float64
}

// stacked holds the layouts of a number that takes several rows.
var stacked = []rowLayout{
	{[]int{row4, row4, row4, row4}, -1},
	{[]int{row44, row44}, -2},
	{[]int{row8, row8}, -3},
	{[]int{row4, row6, row5}, -4},
	{[]int{row4444, row3}, -4},
}

// twoAlike holds those of two rows alike.
var twoAlike = stacked[1:3]

// tree holds layouts such that those beginning alike share a path: a node is a digit, and its depth the digit's number.
type tree struct {
	layouts []layout
	first   *node
}

// node is a digit after those on the path to it.
type node struct {
	gap    bool // a gap comes before it
	layout int  // the layout that is complete with it, or −1
	next   []*node
}

func newTree(layouts []layout) *tree {
	t := &tree{layouts, &node{layout: -1}}
	for i, l := range layouts {
		at := t.first
		for g, size := range l.groups {
			for k := range size {
				if g > 0 || k > 0 {
					at = at.follow(g > 0 && k == 0)
				}
			}
		}
		at.layout = i
	}
	return t
}

// follow returns the child with or without a gap before it, made when missing.
func (n *node) follow(gap bool) *node {
	for _, c := range n.next {
		if c.gap == gap {
			return c
		}
	}
	c := &node{gap: gap, layout: -1}
	n.next = append(n.next, c)
	return c
}
