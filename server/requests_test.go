package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"image"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/draw"

	"ocrbankcard/internal/cardpp"
)

var update = flag.Bool("update", false, "write testdata/requests anew")

const requestsDir = "../testdata/requests"

// shape is one request as a real client sends it, byte for byte: see testdata/requests/README.md.
type shape struct {
	name, path string
	header     []string
	body       string
}

// requestsNumber is on the specimen that all requests carry: testdata/embossed16.jpg, made smaller.
const requestsNumber = "4111111111111111"

// TestRealClientsRequests sends the shapes over raw sockets to the server as it is, embedded engine and all: each gets
// its number.
func TestRealClientsRequests(t *testing.T) {
	if *update {
		writeShapes(t)
	}
	files, err := filepath.Glob(requestsDir + "/*.http")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d requests in %s: %v", len(files), requestsDir, err)
	}
	keyed, open := start(t, map[string]string{"API_KEYS": "shop:right"}, nil), start(t, nil, nil)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".http"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			to := open
			if bytes.Contains(raw, []byte(cardpp.ParamKey)) {
				to = keyed
			}
			r := sendRaw(t, to, raw)
			if r.status != 200 || r.json.BankCards == nil || len(*r.json.BankCards) != 1 {
				t.Fatalf("status %d, message %q, or not one card", r.status, r.json.ErrorMessage)
			}
			if (*r.json.BankCards)[0].Number != requestsNumber {
				t.Error("another number was read")
			}
			if to == keyed && r.header.Get("X-Recognizer") != "embedded" {
				t.Error("the answer doesn't say who read")
			}
		})
	}
}

// sendRaw writes bytes to the server and reads one answer.
func sendRaw(t *testing.T, base string, raw []byte) reply {
	t.Helper()
	c := dial(t, base)
	defer c.Close()
	go c.Write(raw) // which fails where the server answers before it has read all
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	return read1(t, answer)
}

// dial connects to the server itself.
func dial(t *testing.T, base string) net.Conn {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// writeShapes composes the requests. Every byte of their framing is written out here as the client sends it.
func writeShapes(t *testing.T) {
	card := specimen(t, 420)
	jpg, png := string(asJPEG(t, card)), string(asPNG(t, card))
	plain := base64.StdEncoding.EncodeToString([]byte(jpg))
	for _, s := range shapes(jpg, png, plain) {
		if s.path == "" {
			s.path = cardpp.PathBeta
		}
		var b bytes.Buffer
		fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: localhost:8080\r\n", s.path)
		for _, h := range s.header {
			b.WriteString(h + "\r\n")
		}
		if !strings.Contains(strings.Join(s.header, "\n"), "Transfer-Encoding") {
			fmt.Fprintf(&b, "Content-Length: %d\r\n", len(s.body))
		}
		io.WriteString(&b, "Connection: close\r\n\r\n"+s.body)
		if err := os.WriteFile(filepath.Join(requestsDir, s.name+".http"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// specimen returns testdata/embossed16.jpg at a smaller width.
func specimen(t *testing.T, width int) image.Image {
	t.Helper()
	f, err := os.Open("../testdata/embossed16.jpg")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	full, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	b := full.Bounds()
	small := image.NewRGBA(image.Rect(0, 0, width, b.Dy()*width/b.Dx()))
	draw.CatmullRom.Scale(small, small.Rect, full, b, draw.Src, nil)
	return small
}

func shapes(jpg, png, plain string) []shape {
	return slices.Concat(sdkShapes(jpg), multipartShapes(jpg, png, plain), textShapes(jpg, plain))
}

const crlf = "\r\n"

// multipartType is a header, and what follows are the pieces of a body.
func multipartType(boundary string) []string {
	return []string{"Content-Type: multipart/form-data; boundary=" + boundary}
}

func field(boundary, name, value string) string {
	return "--" + boundary + crlf + `Content-Disposition: form-data; name="` + name + `"` + crlf + crlf + value + crlf
}

func file(boundary, disposition, more, content string) string {
	return "--" + boundary + crlf + "Content-Disposition: " + disposition + crlf + more + crlf + content + crlf
}

func credentials(b string) string {
	return field(b, "api_key", "shop") + field(b, "api_secret", "right")
}
func end(b string) string { return "--" + b + "--" + crlf }

// sdkShapes are those of curl, of Face++'s own SDKs and of its PHP sample.
func sdkShapes(jpg string) []shape {
	return []shape{
		{name: "curl", header: append([]string{"User-Agent: curl/7.88.1", "Accept: */*"}, multipartType("------------------------d74496d66958873e")...),
			body: credentials("------------------------d74496d66958873e") +
				file("------------------------d74496d66958873e", `form-data; name="image_file"; filename="image_file.jpg"`, "Content-Type: image/jpeg"+crlf, jpg) +
				end("------------------------d74496d66958873e")},
		{name: "sdk-python", path: cardpp.PathV1, header: multipartType("127.0.1.1.1000.2113.1524647092.315.1"),
			body: credentials("127.0.1.1.1000.2113.1524647092.315.1") +
				file("127.0.1.1.1000.2113.1524647092.315.1", `form-data; name="image_file"; filename=" "`, "Content-Type: application/octet-stream"+crlf, jpg) +
				end("127.0.1.1.1000.2113.1524647092.315.1")},
		{name: "sdk-php", path: cardpp.PathV1, header: multipartType("4ee5cba2f"), // disposition "file", the full path, no line break at the end
			body: credentials("4ee5cba2f") +
				file("4ee5cba2f", `file; name="image_file"; filename="/var/www/html/photos/card.jpg"`, "Content-Type: application/octet-stream"+crlf, jpg) +
				"--4ee5cba2f--"},
		{name: "php-sample", header: multipartType("b"), body: credentials("b") + file("b", `form-data; name="image_file%22;filename=%22image"`, "", jpg) + end("b")}, // as libcurl 7.81 and later write it
		{name: "php-sample-curl-7.74", header: multipartType("b"), body: credentials("b") + file("b", `form-data; name="image_file\";filename=\"image"`, "", jpg) + end("b")},
		{name: "php-sample-curl-7.52", header: multipartType("b"), body: credentials("b") + file("b", `form-data; name="image_file";filename="image"`, "", jpg) + end("b")},
		{name: "sdk-java", path: cardpp.PathV1, header: []string{`Content-Type: multipart/form-data; boundary="------boundary 42"`}, // quoted
			body: credentials("------boundary 42") +
				file("------boundary 42", `form-data; name="image_file"; filename="+"`, "", jpg) + // no type
				end("------boundary 42")},
		{name: "sdk-javascript", path: cardpp.PathV1, header: multipartType("----WebKitFormBoundary7MA4YWxkTrZu0gW"),
			body: credentials("----WebKitFormBoundary7MA4YWxkTrZu0gW") +
				file("----WebKitFormBoundary7MA4YWxkTrZu0gW", `form-data; name="image_file"; filename="blob"`, "Content-Type: image/jpeg"+crlf, jpg) +
				end("----WebKitFormBoundary7MA4YWxkTrZu0gW")},
		{name: "sdk-cpp", path: cardpp.PathV1, header: multipartType("--cpp"), // per-part lengths, text types
			body: "----cpp" + crlf + "Content-Disposition: form-data; name=\"api_key\"" + crlf + "Content-Type: text/plain; charset=US-ASCII" + crlf + "Content-Length: 4" + crlf + crlf + "shop" + crlf +
				"----cpp" + crlf + "Content-Disposition: form-data; name=\"api_secret\"" + crlf + "Content-Type: text/plain; charset=US-ASCII" + crlf + "Content-Transfer-Encoding: 8bit" + crlf + crlf + "right" + crlf +
				file("--cpp", `form-data; name="image_file"; filename="image_file"`, fmt.Sprintf("Content-Type: image/jpeg%sContent-Transfer-Encoding: binary%sContent-Length: %d%s", crlf, crlf, len(jpg), crlf), jpg) +
				end("--cpp")},
		{name: "sdk-ios", path: cardpp.PathV1, header: multipartType("Boundary+0xAbCdEf"),
			body: credentials("Boundary+0xAbCdEf") +
				file("Boundary+0xAbCdEf", `form-data; name=image_file; filename=image_file`, "Content-Type: image/jpeg"+crlf, jpg) + // no quotes
				end("Boundary+0xAbCdEf")},
	}
}

// multipartShapes are others that lenient readers take.
func multipartShapes(jpg, png, plain string) []shape {
	return []shape{
		{name: "file-name-with-blanks", header: multipartType("b"), body: file("b", `form-data; name=image_file; filename=my card (1).jpg`, "", jpg) + end("b")},
		{name: "file-name-in-chinese", header: multipartType("b"), body: file("b", `form-data; name="image_file"; filename="银行卡.jpg"`, "", jpg) + end("b")},
		{name: "file-name-of-windows", header: multipartType("b"), body: file("b", `form-data; name="image_file"; filename="C:\fakepath\new card.jpg"`, "", jpg) + end("b")},
		{name: "wrong-part-type", header: multipartType("b"), body: file("b", `form-data; name="image_file"; filename="card.jpg"`, "Content-Type: image/jpeg"+crlf, png) + end("b")},
		{name: "text-part-type", header: multipartType("b"), body: file("b", `form-data; name="image_file"; filename="card.txt"`, "Content-Type: text/plain"+crlf, jpg) + end("b")},
		{name: "text-after-the-file", header: multipartType("b"), body: file("b", `form-data; name="image_file"; filename="card.jpg"`, "", jpg) + credentials("b") + end("b")},
		{name: "preamble-and-epilogue", header: multipartType("b"), body: "to be ignored" + crlf + file("b", `form-data; name="image_file"; filename="card.jpg"`, "", jpg) + end("b") + "ignored too"},
		{name: "line-feeds-alone", header: multipartType("b"), body: "--b\nContent-Disposition: form-data; name=\"image_file\"; filename=\"x\"\n\n" + jpg + "\n--b--\n"},
		{name: "lower-case-header", header: []string{"content-type: Multipart/Form-Data; Boundary=b"}, body: "--b\r\ncontent-disposition: form-data; name=\"image_file\"; filename=\"x\"\r\n\r\n" + jpg + "\r\n--b--\r\n"},
		{name: "folded-header", header: multipartType("b"), body: file("b", "form-data;\r\n name=\"image_file\";\r\n\tfilename=\"a-name-too-long-for-one-line-of-mail.jpg\"", "", jpg) + end("b")},
		{name: "an-unknown-part", header: multipartType("b"), body: field("b", "return_attributes", "all") + file("b", `form-data; name="image_file"; filename="card.jpg"`, "", jpg) + end("b")},
		{name: "base64-part-encoding", header: multipartType("b"), body: file("b", `form-data; name="image_file"; filename="card.jpg"`, "Content-Transfer-Encoding: base64"+crlf, wrap(plain, 76, crlf)) + end("b")},
		{name: "chunked", header: append(multipartType("b"), "Transfer-Encoding: chunked"), body: chunked(file("b", `form-data; name="image_file"; filename="card.jpg"`, "", jpg) + end("b"))},
	}
}

// textShapes hold the picture in base64, or the credentials in the address.
func textShapes(jpg, plain string) []shape {
	urlencoded := []string{"Content-Type: application/x-www-form-urlencoded"}
	return []shape{
		{name: "base64-part", header: multipartType("b"), body: field("b", "image_base64", plain) + end("b")},
		{name: "base64-wrapped-64", header: multipartType("b"), body: field("b", "image_base64", wrap(plain, 64, "\n")) + end("b")},
		{name: "base64-wrapped-76", header: multipartType("b"), body: field("b", "image_base64", wrap(plain, 76, crlf)) + end("b")},
		{name: "base64-data-uri", header: multipartType("b"), body: field("b", "image_base64", "data:image/jpeg;base64,"+plain) + end("b")},
		{name: "base64-no-padding", header: multipartType("b"), body: field("b", "image_base64", strings.TrimRight(plain, "=")) + end("b")},
		{name: "urlencoded", header: urlencoded, body: "api_key=shop&api_secret=right&image_base64=" + url.QueryEscape(plain)},
		{name: "urlencoded-charset", header: []string{"Content-Type: application/x-www-form-urlencoded; charset=UTF-8"}, body: "image_base64=" + url.QueryEscape(plain)},
		{name: "urlencoded-plus-as-it-is", header: urlencoded, body: "image_base64=" + strings.ReplaceAll(plain, "=", "%3D")}, // + arrives as a blank
		{name: "urlencoded-data-uri", header: urlencoded, body: "image_base64=" + url.QueryEscape("data:image/jpeg;base64,"+plain)},
		{name: "urlencoded-wrapped", header: urlencoded, body: "image_base64=" + url.QueryEscape(wrap(plain, 76, crlf))},
		{name: "credentials-in-the-query", path: cardpp.PathBeta + "?api_key=shop&api_secret=right", header: multipartType("b"), body: file("b", `form-data; name="image_file"; filename="card.jpg"`, "", jpg) + end("b")},
		{name: "credentials-in-both", path: cardpp.PathBeta + "?api_key=shop&api_secret=right", header: multipartType("b"), body: credentials("b") + file("b", `form-data; name="image_file"; filename="card.jpg"`, "", jpg) + end("b")},
	}
}

func wrap(s string, columns int, newline string) string {
	var b strings.Builder
	for len(s) > columns {
		b.WriteString(s[:columns] + newline)
		s = s[columns:]
	}
	return b.String() + s + newline
}

func chunked(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		n := min(1000, len(s))
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, s[:n])
		s = s[n:]
	}
	return b.String() + "0\r\n\r\n"
}
