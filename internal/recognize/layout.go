package recognize

// Layouts: how issuers group the digits of a number within one printed line.

// layout is the sizes of a line's groups of digits, left to right, and how rare it is: the natural logarithm of about
// how often cards bear it, up to a constant.
type layout struct {
	groups []int
	prior  float64
}

func (l layout) digits() int {
	n := 0
	for _, g := range l.groups {
		n += g
	}
	return n
}

// wholeNumber holds the layouts of a number that stands on one line.
var wholeNumber = []layout{
	{[]int{4, 4, 4, 4}, 0},
	{[]int{4, 6, 5}, -1},       // American Express
	{[]int{16}, -2},            // ungrouped, as on flat Visa and Mastercard designs
	{[]int{6, 13}, -2},         // older UnionPay
	{[]int{19}, -2},            // UnionPay debit
	{[]int{4, 4, 4, 4, 3}, -2}, // UnionPay, Maestro
	{[]int{4, 6, 4}, -2},       // Diners Club
	{[]int{6, 12}, -4},
	{[]int{17}, -4},
	{[]int{18}, -4},
	{[]int{4, 4, 4, 4, 2}, -4},
	{[]int{8, 8}, -3},
	{[]int{4, 3, 3, 3}, -4}, // old Visa, 13 digits
	{[]int{13}, -4},
	{[]int{15}, -4},
	{[]int{14}, -4},
}
