package cardnumber

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
)

// Test numbers that the networks publish for integration tests.
var published = []struct {
	digits string
	brand  Brand
	groups string
}{
	{"4111111111111111", Visa, "4111 1111 1111 1111"},
	{"5555555555554444", Mastercard, "5555 5555 5555 4444"},
	{"2223003122003222", Mastercard, "2223 0031 2200 3222"},
	{"378282246310005", AmericanExpress, "3782 822463 10005"},
	{"30569309025904", DinersClub, "3056 930902 5904"},
	{"6011111111111117", Discover, "6011 1111 1111 1117"},
	{"3530111333300000", JCB, "3530 1113 3330 0000"},
	{"6200000000000005", UnionPay, "6200 0000 0000 0005"},
	{"6205500000000000004", UnionPay, "6205 5000 0000 0000 004"},
	{"6759649826438453", Maestro, "6759 6498 2643 8453"},
}

func TestPublishedNumbers(t *testing.T) {
	for _, c := range published {
		n, err := Parse(c.groups)
		if err != nil {
			t.Fatal(err)
		}
		if n.Reveal() != c.digits || n.Brand() != c.brand || !n.LuhnValid() || !n.LengthIssued() {
			t.Errorf("%v: brand %q, Luhn %v, length %v", n, n.Brand(), n.LuhnValid(), n.LengthIssued())
		}
		if got := strings.Join(n.Groups(), " "); got != c.groups {
			t.Errorf("%v: grouped in %d, want %d", n, len(n.Groups()), strings.Count(c.groups, " ")+1)
		}
	}
}

// Ranges within those of another network.
func TestBrandOfTheNarrowestRange(t *testing.T) {
	for iin, want := range map[string]Brand{
		"401178": Elo, "401180": Visa, "504174": Maestro, "504175": Elo, "636297": Elo, "650034": Discover, "650035": Elo,
		"650538": Elo, "650539": Discover, "651652": Elo, "655058": Elo, "655059": Discover, "627780": Elo, "627781": UnionPay,
		"810000": UnionPay, "817199": UnionPay, "817200": RuPay, "820000": RuPay, "830000": Unknown,
		"652149": Discover, "652150": RuPay, "653149": RuPay, "653150": Discover,
		"506098": Maestro, "506099": Verve, "506198": Verve, "506199": Maestro, "507864": Maestro, "507865": Verve,
		"507964": Verve, "507965": Maestro, "650001": Discover, "650002": Verve, "650027": Verve, "650028": Discover,
		"384099": DinersClub, "384100": Hipercard, "384140": Hipercard, "384160": Hipercard, "606282": Hipercard, "606283": Unknown,
		"637095": Hiper, "637096": Maestro, "637568": Hiper, "637599": Hiper, "637609": Hiper, "637612": Hiper, "637613": Maestro,
		"501899": Maestro, "501900": Dankort, "501999": Dankort, "502000": Maestro,
	} {
		n, err := Parse(iin + "0000000000")
		if err != nil || n.Brand() != want {
			t.Errorf("%s: %q, want %q", iin, n.Brand(), want)
		}
	}
}

// Lengths beside those that a network issues are told to the user, and make the engine look again.
func TestLengthsIssued(t *testing.T) {
	for iin, want := range map[string][]int{
		"4111": {13, 16, 19}, "5105": {16}, "2221": {16}, "3782": {15}, "3400": {15}, "3000": {14, 16, 17, 18, 19}, "3095": {14, 16, 17, 18, 19},
		"3600": {14, 15, 16, 17, 18, 19}, "3800": {14, 16, 17, 18, 19}, "6011": {16, 17, 18, 19}, "6440": {16, 17, 18, 19}, "6500": {16, 17, 18, 19},
		"3530": {16, 17, 18, 19}, "6200": {16, 17, 18, 19}, "622126": {16, 17, 18, 19}, "8100": {16, 17, 18, 19}, "2200": {16, 17, 18, 19},
		"5000": {12, 13, 14, 15, 16, 17, 18, 19}, "6759": {12, 13, 14, 15, 16, 17, 18, 19}, "606282": {13, 16, 19}, "637095": {16},
		"506099": {16, 18, 19}, "979200": {16}, "508500": {16}, "5019": {16}, "401178": {16},
		"9000": {12, 13, 14, 15, 16, 17, 18, 19}, // of no network known here
	} {
		var got []int
		for length := 8; length <= MaxDigits; length++ {
			n, err := Parse(iin + strings.Repeat("0", length-len(iin)))
			if err != nil {
				t.Fatal(err)
			}
			if n.LengthIssued() {
				got = append(got, length)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", iin, got, want)
		}
	}
}

// Groups of 14 and 15 digits that two networks print are nobody else's.
func TestGroupsOfOtherLengths(t *testing.T) {
	for _, want := range []string{"3600 0000 0000 0000", "3700 0000 0000 0000", "6759 0000 0000 00", "6759 0000 0000 000", "4111 1111 1111 1", "4111"} {
		n, err := ParseReading(want)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(n.Groups(), " "); got != want {
			t.Errorf("%d digits in %d groups", n.Len(), len(n.Groups()))
		}
	}
}

func TestLuhnFindsEveryWrongDigit(t *testing.T) {
	good := "4111111111111111"
	for i := range good {
		for d := byte('0'); d <= '9'; d++ {
			if d == good[i] {
				continue
			}
			n, err := Parse(good[:i] + string(d) + good[i+1:])
			if err != nil || n.LuhnValid() {
				t.Fatalf("digit %d changed to %c passes", i, d)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{"", "1234567", "12345678901234567890", "4111x11111111111", "４１１１１１１１１１１１"} {
		if _, err := Parse(s); err != ErrDigits {
			t.Errorf("a text of %d bytes: error %v", len(s), err)
		}
	}
}

func TestReadingsOfAnyLength(t *testing.T) {
	for _, c := range []struct {
		text, masked string
		digits       int
	}{
		{"", "", 0}, {"41", "••", 2}, {"4111", "••••", 4}, {"4111 111", "•••••••", 7}, {"4111-1111", "••••1111", 8},
		{"41111111111", "•••••••1111", 11}, {strings.Repeat("41", 11), "414141••••••••••••4141", 22},
	} {
		n, err := ParseReading(c.text)
		if err != nil || n.Len() != c.digits || n.Masked() != c.masked {
			t.Errorf("a reading of %d digits: %v, %d digits, error %v", c.digits, n, n.Len(), err)
		}
	}
	for _, s := range []string{"4111*1111", "card", strings.Repeat("4", 65), "４"} {
		if _, err := ParseReading(s); err != ErrReading {
			t.Errorf("a text of %d bytes: error %v", len(s), err)
		}
	}
}

func TestNothingPrintsTheDigits(t *testing.T) {
	n, _ := Parse("4111111111111111")
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "number", n, "in", struct{ N Number }{n})
	enc, err := json.Marshal(map[string]any{"n": n, "s": []Number{n}})
	if err != nil {
		t.Fatal(err)
	}
	held := struct{ N Number }{n}
	out := fmt.Sprintf("%v %s %+v %#v %q %v %+v %x", n, n, n, n, n, held, &held, n) + log.String() + string(enc)
	for verb := 'A'; verb <= 'z'; verb++ {
		if verb != 'p' && verb != 'w' { // fmt asks no type how those are to be written, and go vet refuses them
			out += fmt.Sprintf("%"+string(verb), n) + fmt.Sprintf("%#"+string(verb), held)
		}
	}
	for _, part := range []string{"4111111111", "1111111", "34313131313131"} {
		if strings.Contains(out, part) {
			t.Fatalf("the digits came out by some way of printing")
		}
	}
	format := "%v|%s|%+v|%d|%#v|%22v" // no constant: go vet would refuse it for the browser, where no number prints itself
	if got := fmt.Sprintf(format, n, n, n, n, n, n); got != "411111••••••1111|411111••••••1111|411111••••••1111|411111••••••1111|cardnumber.Number(411111••••••1111)|      411111••••••1111" {
		t.Errorf("printed as %s", got)
	}
	if (Number{}).LuhnValid() {
		t.Error("no number has a check digit")
	}
	if n.Masked() != "411111••••••1111" {
		t.Errorf("masked as %s", n.Masked())
	}
}
