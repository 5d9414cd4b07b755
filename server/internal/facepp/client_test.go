package facepp_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/geometry"
	"ocrbankcard/server/internal/facepp"
	"ocrbankcard/server/internal/facepp/facepptest"
)

const (
	testKey    = "key-0f3a9c"
	testSecret = "secret-7be215"
	testNumber = "6200000000000005" // a network's published test number
)

// serve starts a stand-in that takes the test's credentials.
func serve(t testing.TB, u *facepptest.Upstream) string {
	u.Key, u.Secret = testKey, testSecret
	u.Number, _ = cardnumber.Parse(testNumber)
	server := httptest.NewServer(u)
	t.Cleanup(server.Close)
	return server.URL + cardpp.PathBeta
}

// newClient returns a client for an endpoint, further configured by change.
func newClient(t testing.TB, endpoint string, change ...func(*facepp.Config)) *facepp.Client {
	c := facepp.Config{Key: facepp.NewSecret(testKey), Secret: facepp.NewSecret(testSecret), Endpoint: endpoint}
	for _, f := range change {
		f(&c)
	}
	client, err := facepp.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// picture encodes a plain gray picture, no two shades of which are equal files.
func picture(t testing.TB, shade uint8) []byte {
	img := image.NewGray(image.Rect(0, 0, 400, 250))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPictureGoesAndAnswerComes(t *testing.T) {
	u := &facepptest.Upstream{}
	client := newClient(t, serve(t, u))
	var pngFile bytes.Buffer
	if err := png.Encode(&pngFile, image.NewGray(image.Rect(0, 0, 400, 250))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, contentType, fileName string
		file                        []byte
	}{
		{"JPEG", "image/jpeg", "card.jpg", picture(t, 90)},
		{"PNG", "image/png", "card.png", pngFile.Bytes()},
		{"2 MiB", "image/jpeg", "card.jpg", append(picture(t, 91), make([]byte, cardpp.MaxFileBytes-len(picture(t, 91)))...)},
	} {
		answer, err := client.Recognize(t.Context(), c.file)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		want := cardpp.Card{Bound: geometry.Rect(40, 25, 360, 225), Number: u.Number}
		if len(answer.Cards) != 1 || answer.Cards[0].Bound != want.Bound || answer.Cards[0].Number != want.Number {
			t.Errorf("%s: answered with %+v", c.name, answer)
		}
		calls := u.Calls()
		got := calls[len(calls)-1]
		if got.ContentType != c.contentType || got.FileName != c.fileName || !bytes.Equal(got.File, c.file) {
			t.Errorf("%s: arrived as %s %s of %d bytes", c.name, got.ContentType, got.FileName, len(got.File))
		}
		if got.Key != testKey || got.Secret != testSecret || got.Traceparent != "" {
			t.Errorf("%s: credentials or trace came wrong", c.name)
		}
	}
}

func TestTraceparentIsForwarded(t *testing.T) {
	const good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	u := &facepptest.Upstream{}
	client := newClient(t, serve(t, u))
	for i, c := range []struct{ header, want string }{
		{good, good}, {"", ""}, {good + "x", ""}, {strings.ToUpper(good), ""}, {good[:35] + "_" + good[36:], ""},
		{"00-00000000000000000000000000000000-00f067aa0ba902b7-01", ""},
		{"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", ""},
		{"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", ""},
	} {
		if _, err := client.Recognize(facepp.WithTraceparent(t.Context(), c.header), picture(t, uint8(i))); err != nil {
			t.Fatal(err)
		}
		if got := u.Calls()[i].Traceparent; got != c.want {
			t.Errorf("%q went as %q", c.header, got)
		}
	}
}

func TestAnswersAreReadLeniently(t *testing.T) {
	number := func(s string) cardnumber.Number { n, _ := cardnumber.ParseReading(s); return n }
	for _, c := range []struct {
		name, body string
		want       cardpp.Answer
	}{
		{"sample", `{"bank_cards":[{"bound":{"right_top":{"x":770,"y":20},"left_top":{"x":17,"y":21},"right_bottom":{"x":771,"y":420},"left_bottom":{"x":18,"y":421}},"number":"` + testNumber + `"}],"time_used":2151,"request_id":"1473759244,40dfde25"}`,
			cardpp.Answer{Cards: []cardpp.Card{{Bound: geometry.Quad{{X: 17, Y: 21}, {X: 770, Y: 20}, {X: 771, Y: 420}, {X: 18, Y: 421}}, Number: number(testNumber)}}, TimeUsed: 2151, RequestID: "1473759244,40dfde25"}},
		{"v1", `{"bank_cards":[{"number":"` + testNumber + `","bank":"建设银行","organization":["union"]}],"image_id":"NT=="}`,
			cardpp.Answer{Cards: []cardpp.Card{{Number: number(testNumber), Bank: "建设银行", Organization: []string{"union"}}}, ImageID: "NT=="}},
		{"organization as a string", `{"bank_cards":[{"number":"","organization":"union"}]}`,
			cardpp.Answer{Cards: []cardpp.Card{{Organization: []string{"union"}}}}},
		{"no card", `{"bank_cards":[]}`, cardpp.Answer{}},
		{"part of a number", `{"bank_cards":[{"number":"6200"}]}`, cardpp.Answer{Cards: []cardpp.Card{{Number: number("6200")}}}},
		{"more than a number", `{"bank_cards":[{"number":"` + testNumber + testNumber + `"}]}`, cardpp.Answer{Cards: []cardpp.Card{{Number: number(testNumber + testNumber)}}}},
		{"unknown fields", ` {"bank_cards":[{"number":"","quality":{"a":[1,null]}}],"new":1e3} `, cardpp.Answer{Cards: []cardpp.Card{{}}}},
		{"fractions", `{"bank_cards":[{"number":"","bound":{"left_top":{"x":1.5,"y":-2}}}],"time_used":4.2}`,
			cardpp.Answer{Cards: []cardpp.Card{{Bound: geometry.Quad{{X: 1.5, Y: -2}}}}, TimeUsed: 4}},
	} {
		u := &facepptest.Upstream{}
		client := newClient(t, serve(t, u))
		u.Script(facepptest.Reply{Body: c.body})
		got, err := client.Recognize(t.Context(), picture(t, 0))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if string(got.AppendJSON(nil)) != string(c.want.AppendJSON(nil)) {
			t.Errorf("%s: read otherwise", c.name)
		}
	}
}

func TestSecretsPrintAsStars(t *testing.T) {
	c := facepp.Config{Key: facepp.NewSecret(testKey), Secret: facepp.NewSecret(testSecret)}
	client := newClient(t, "http://localhost:1"+cardpp.PathBeta)
	held := struct{ c, again any }{c, &c}
	hidden := struct {
		a facepp.Secret
		b facepp.Config
	}{c.Key, c}
	for _, v := range []any{c, &c, c.Key, &c.Key, held, hidden, &hidden, client, []facepp.Secret{c.Secret}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if s := fmt.Sprintf(verb, v); leaks(s) {
				t.Errorf("%s of a %T prints a secret", verb, v)
			}
		}
	}
}

// leaks finds the test's key or secret in a text, plain or as fmt's hexadecimal or decimal bytes.
func leaks(s string) bool {
	for _, secret := range []string{testKey, testSecret} {
		for _, form := range []string{secret, fmt.Sprintf("%x", secret), strings.Trim(fmt.Sprint([]byte(secret)), "[]")} {
			if strings.Contains(s, form) {
				return true
			}
		}
	}
	return false
}

func TestConfigNamesItsVariables(t *testing.T) {
	key, secret := facepp.NewSecret(testKey), facepp.NewSecret(testSecret)
	for _, c := range []struct {
		config facepp.Config
		want   []string
	}{
		{facepp.Config{Key: key, Secret: secret}, nil},
		{facepp.Config{Key: key, Secret: secret, Endpoint: "http://10.0.0.1:9090/x"}, nil},
		{facepp.Config{}, []string{"FACEPP_API_KEY", "FACEPP_API_SECRET"}},
		{facepp.Config{Key: key}, []string{"FACEPP_API_SECRET"}},
		{facepp.Config{Key: key, Secret: secret, Endpoint: "api-cn.faceplusplus.com"}, []string{"FACEPP_ENDPOINT"}},
		{facepp.Config{Key: key, Secret: secret, Endpoint: "ftp://x/y"}, []string{"FACEPP_ENDPOINT"}},
		{facepp.Config{Key: key, Secret: secret, Endpoint: "https://" + testKey + ":" + testSecret + "@x/y"}, []string{"FACEPP_ENDPOINT"}},
		{facepp.Config{Key: key, Secret: secret, Endpoint: "https://x/y?api_key=" + testKey}, []string{"FACEPP_ENDPOINT"}},
	} {
		_, err := facepp.New(c.config)
		var got []string
		for _, name := range []string{"FACEPP_API_KEY", "FACEPP_API_SECRET", "FACEPP_ENDPOINT"} {
			if err != nil && strings.Contains(err.Error(), name) {
				got = append(got, name)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil && leaks(err.Error()) {
			t.Errorf("%+v: %v", c.config, diff)
		}
	}
}

func TestCredentialsCanBeChanged(t *testing.T) {
	u := &facepptest.Upstream{}
	client := newClient(t, serve(t, u))
	client.SetCredentials(facepp.NewSecret(testKey), facepp.NewSecret("other"))
	_, err := client.Recognize(t.Context(), picture(t, 0))
	if e, ok := errors.AsType[*cardpp.Error](err); !ok || e.Code != cardpp.AuthenticationError {
		t.Errorf("the wrong secret gave %v", err)
	}
	client.SetCredentials(facepp.NewSecret(testKey), facepp.NewSecret(testSecret))
	if _, err := client.Recognize(t.Context(), picture(t, 0)); err != nil {
		t.Error(err)
	}
}
