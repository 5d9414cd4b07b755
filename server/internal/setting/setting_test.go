package setting

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestValuesComeFromVariableOrFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("  from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := Map(map[string]string{"A": "text", "B_FILE": file, "C": "7s", "D": " x, ,y ", "E": "10.1.2.3/8,::1", "F": "", "G": "1.5"})
	a, b, f := "", "", "default"
	c, d := time.Second, []string{"default"}
	g := 0.0
	s.Text("A", &a)
	s.Text("B", &b)
	s.Duration("C", &c)
	s.List("D", &d)
	s.Text("F", &f)
	s.Float("G", &g)
	if a != "text" || b != "from a file" || c != 7*time.Second || strings.Join(d, "|") != "x|y" || f != "default" || g != 1.5 {
		t.Errorf("got %q %q %v %q %q %v", a, b, c, d, f, g)
	}
	if s.Err() != nil {
		t.Error(s.Err())
	}
}

// Files are written one entry a line, as MERCHANTS_FILE is: two keys on two lines would else be one whose secret nobody knows.
func TestAListMayBeOneEntryALine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(file, []byte("one:first\r\ntwo:second,three:third\n\nfour:fourth\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var list []string
	s := Map(map[string]string{"L_FILE": file})
	s.List("L", &list)
	if strings.Join(list, "|") != "one:first|two:second|three:third|four:fourth" || s.Err() != nil {
		t.Errorf("got %q, %v", list, s.Err())
	}
}

// Editors on Windows begin a file with a byte order mark, and end its lines with two characters: neither is part of a secret.
func TestAFileMayBeWrittenOnWindows(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("\ufeffkey\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, key := Map(map[string]string{"KEY_FILE": file}), ""
	s.Text("KEY", &key)
	if key != "key" || s.Err() != nil {
		t.Errorf("got %q, %v", key, s.Err())
	}
}

// What a secret of Kubernetes was made of with echo ends in a line break, given as a variable, too. No key of Face++'s does.
func TestAVariableMayEndInALineBreak(t *testing.T) {
	s, key, wait, blank := Map(map[string]string{"KEY": "key\n", "WAIT": "5s\r\n", "BLANK": "\n"}), "", time.Second, "default"
	s.Text("KEY", &key)
	s.Duration("WAIT", &wait)
	s.Text("BLANK", &blank)
	if key != "key" || wait != 5*time.Second || blank != "default" || s.Err() != nil {
		t.Errorf("got %q, %v, %q, %v", key, wait, blank, s.Err())
	}
}

// An empty file is what a secret's key holds that must exist: the default stands, as for an empty variable.
func TestAnEmptyFileLeavesTheDefault(t *testing.T) {
	file := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(file, []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := Map(map[string]string{"T_FILE": file, "N_FILE": file, "D_FILE": file, "L_FILE": file, "P_FILE": file, "T": "", "E_FILE": ""})
	text, number, wait, list, nets := "default", 7, time.Second, []string{"default"}, []netip.Prefix{{}}
	s.Text("T", &text)
	s.Text("E", &text)
	s.Int("N", &number)
	s.Duration("D", &wait)
	s.List("L", &list)
	s.Prefixes("P", &nets)
	if text != "default" || number != 7 || wait != time.Second || len(list) != 1 || len(nets) != 1 || s.Err() != nil {
		t.Errorf("got %q %d %v %q %v, %v", text, number, wait, list, nets, s.Err())
	}
}

func TestNetworks(t *testing.T) {
	s := Map(map[string]string{"N": "10.1.2.3/8, 192.0.2.7,2001:db8::1/32, ::ffff:10.1.2.3/104,::ffff:192.0.2.7, ::/0, ::ffff:0:0/96"})
	var nets []netip.Prefix
	s.Prefixes("N", &nets)
	var got []string
	for _, n := range nets {
		got = append(got, n.String())
	}
	if want := "10.0.0.0/8 192.0.2.7/32 2001:db8::/32 10.0.0.0/8 192.0.2.7/32 ::/0 0.0.0.0/0"; strings.Join(got, " ") != want || s.Err() != nil {
		t.Errorf("got %s, %v", got, s.Err())
	}
}

func TestErrorsNameTheVariableAndHideTheValue(t *testing.T) {
	s := Map(map[string]string{"N": "hush", "P": "hush", "L": "hush", "T": "hush", "B": "hush", "B_FILE": "x", "M_FILE": "/no/such/file"})
	var n int
	var p bool
	var d time.Duration
	var text string
	var nets []netip.Prefix
	s.Int("N", &n)
	s.Flag("P", &p)
	s.Duration("T", &d)
	s.Prefixes("L", &nets)
	s.Text("B", &text)
	s.Text("M", &text)
	err := s.Err()
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range []string{"N:", "P:", "T:", "L:", "B:", "M_FILE:"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in %q", name, err)
		}
	}
	if strings.Contains(err.Error(), "hush") {
		t.Errorf("a value is repeated in %q", err)
	}
}
