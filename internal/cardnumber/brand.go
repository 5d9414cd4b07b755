package cardnumber

import "slices"

// Brand is the payment network that an IIN range belongs to.
type Brand string

// The networks known here; Unknown is the zero value.
const (
	Unknown         Brand = ""
	AmericanExpress Brand = "American Express"
	Dankort         Brand = "Dankort"
	DinersClub      Brand = "Diners Club"
	Discover        Brand = "Discover"
	Elo             Brand = "Elo"
	Hiper           Brand = "Hiper"
	Hipercard       Brand = "Hipercard"
	JCB             Brand = "JCB"
	Maestro         Brand = "Maestro"
	Mastercard      Brand = "Mastercard"
	Mir             Brand = "Mir"
	RuPay           Brand = "RuPay"
	Troy            Brand = "Troy"
	UnionPay        Brand = "UnionPay"
	Verve           Brand = "Verve"
	Visa            Brand = "Visa"
)

// iinRange says that numbers whose first digits lie in from…to (inclusive, equally long) are of a brand.
type iinRange struct {
	from, to string
	brand    Brand
	lengths  []int
}

var (
	only16    = []int{16}
	to19      = []int{16, 17, 18, 19}
	maestro   = []int{12, 13, 14, 15, 16, 17, 18, 19}
	hipercard = []int{13, 16, 19}
	verve     = []int{16, 18, 19}
)

// ranges is ordered from the most specific prefix to the widest; the first match counts.
// Source: the networks' public BIN rules as collected in ISO/IEC 7812 overviews (2025).
var ranges = []iinRange{
	{"401178", "401179", Elo, only16}, {"431274", "431274", Elo, only16}, {"438935", "438935", Elo, only16},
	{"451416", "451416", Elo, only16}, {"457393", "457393", Elo, only16}, {"457631", "457632", Elo, only16},
	{"504175", "504175", Elo, only16}, {"506699", "506778", Elo, only16}, {"509000", "509999", Elo, only16},
	{"627780", "627780", Elo, only16}, {"636297", "636297", Elo, only16}, {"636368", "636368", Elo, only16},
	{"650031", "650033", Elo, only16}, {"650035", "650051", Elo, only16}, {"650405", "650439", Elo, only16},
	{"650485", "650538", Elo, only16}, {"650541", "650598", Elo, only16}, {"650700", "650718", Elo, only16},
	{"650720", "650727", Elo, only16}, {"650901", "650978", Elo, only16}, {"651652", "651679", Elo, only16},
	{"655000", "655019", Elo, only16}, {"655021", "655058", Elo, only16},
	{"384100", "384100", Hipercard, hipercard}, {"384140", "384140", Hipercard, hipercard},
	{"384160", "384160", Hipercard, hipercard}, {"606282", "606282", Hipercard, hipercard},
	{"637095", "637095", Hiper, only16}, {"637568", "637568", Hiper, only16}, {"637599", "637599", Hiper, only16},
	{"637609", "637609", Hiper, only16}, {"637612", "637612", Hiper, only16},
	{"506099", "506198", Verve, verve}, {"507865", "507964", Verve, verve}, {"650002", "650027", Verve, verve},
	{"979200", "979289", Troy, only16},
	{"622126", "622925", UnionPay, to19}, // shared with Discover; issued as UnionPay
	{"508500", "508999", RuPay, only16}, {"606985", "607984", RuPay, only16}, {"608001", "608500", RuPay, only16},
	{"652150", "653149", RuPay, only16},
	{"8100", "8171", UnionPay, to19}, {"8172", "8299", RuPay, only16},
	{"3528", "3589", JCB, to19},
	{"2200", "2204", Mir, to19},
	{"2221", "2720", Mastercard, only16},
	{"5019", "5019", Dankort, only16},
	{"6011", "6011", Discover, to19},
	{"300", "305", DinersClub, []int{14, 16, 17, 18, 19}}, {"309", "309", DinersClub, []int{14, 16, 17, 18, 19}},
	{"644", "649", Discover, to19},
	{"34", "34", AmericanExpress, []int{15}}, {"37", "37", AmericanExpress, []int{15}},
	{"36", "36", DinersClub, []int{14, 15, 16, 17, 18, 19}}, {"38", "39", DinersClub, []int{14, 16, 17, 18, 19}},
	{"51", "55", Mastercard, only16},
	{"62", "62", UnionPay, to19},
	{"65", "65", Discover, to19},
	{"50", "50", Maestro, maestro}, {"56", "58", Maestro, maestro}, {"63", "63", Maestro, maestro},
	{"67", "67", Maestro, maestro},
	{"4", "4", Visa, []int{13, 16, 19}},
}

func (n Number) lookUp() *iinRange {
	for i := range ranges {
		r := &ranges[i]
		if k := len(r.from); len(n.digits) >= k && n.digits[:k] >= r.from && n.digits[:k] <= r.to {
			return r
		}
	}
	return nil
}

// Brand returns the network whose IIN range the number starts in, or Unknown.
func (n Number) Brand() Brand {
	if r := n.lookUp(); r != nil {
		return r.brand
	}
	return Unknown
}

// LengthIssued reports whether the brand issues numbers of this length; for an unknown brand, 12 to 19 digits pass.
func (n Number) LengthIssued() bool {
	if r := n.lookUp(); r != nil {
		return slices.Contains(r.lengths, n.Len())
	}
	return n.Len() >= MinDigits && n.Len() <= MaxDigits
}
