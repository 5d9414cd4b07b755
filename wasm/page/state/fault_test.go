package state

import (
	"testing"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/guide"
)

func TestFaultsByTheirCause(t *testing.T) {
	for name, want := range map[string]Fault{
		"NotAllowedError": FaultRefused, "SecurityError": FaultRefused, "PermissionDeniedError": FaultRefused, "NotFoundError": FaultNoCamera, "OverconstrainedError": FaultNoCamera,
		"NotReadableError": FaultBusy, "AbortError": FaultBusy, "TypeError": FaultCamera, "DevicesNotFoundError": FaultNoCamera, "TrackStartError": FaultBusy,
	} {
		if got := CameraFault(name, true); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if CameraFault("NotAllowedError", false) != FaultInsecure {
		t.Error("an insecure page is told as a refusal")
	}
	for _, c := range cardpp.Codes {
		if f := ServerFault(cardpp.NewError(c.Code, "")); f == FaultNone || f.OfCamera() {
			t.Errorf("%s: %q", c.Code, f)
		}
	}
	if got := ServerFault(cardpp.NewError(cardpp.BadArguments, "body")); got != FaultTimeout {
		t.Errorf("a picture that was sent too slowly: %q", got)
	}
	for status, want := range map[int]Fault{500: FaultServer, 503: FaultCrowded, 504: FaultTimeout, 413: FaultTooLarge, 401: FaultDenied, 403: FaultDenied, 408: FaultTimeout, 429: FaultCrowded} {
		if got := ServerFault(cardpp.ParseMessage(status, "<html>")); got != want {
			t.Errorf("%d: %q", status, got)
		}
	}
}

func TestWhichFaultsASecondTryMayMend(t *testing.T) {
	for f, want := range map[Fault]bool{
		FaultTimeout: true, FaultDevice: true, FaultCrowded: true, FaultNoCard: false, FaultDenied: false, FaultHEIC: false, FaultBusy: false,
	} {
		if f.Repeatable() != want {
			t.Errorf("%s: %v", f, !want)
		}
	}
}

func TestCameraFaultsComeAndGo(t *testing.T) {
	s := &State{}
	s.CameraStarting()
	s.CameraFailed(FaultRefused)
	if s.View != Trouble || s.Fault != FaultRefused {
		t.Fatalf("%+v", s)
	}
	s.CameraStarting()
	if s.View != Scan {
		t.Errorf("asked again, and the view is %d", s.View)
	}
	s.CameraFailed(FaultBusy)
	s.CameraLive(false, false)
	if s.View != Scan || s.Fault != FaultNone || s.Torch != Absent {
		t.Errorf("live: %+v", s)
	}
	// A lens with a light, a change to another, and its loss.
	s.CameraLive(true, true)
	if s.Camera != Live || s.Torch != SwitchedOff || !s.MoreLenses {
		t.Errorf("with a light: %+v", s)
	}
	s.CameraStarting()
	if s.Camera != Starting || s.Torch != Absent || !s.MoreLenses || s.View != Scan {
		t.Errorf("changing: %+v", s)
	}
	s.CameraLive(true, true)
	s.Guided(guide.Advice{Hint: guide.Closer})
	s.CameraFailed(FaultLost)
	if s.Camera != Off || s.Torch != Absent || s.MoreLenses || s.Hint != guide.None || s.Fault != FaultLost {
		t.Errorf("lost: %+v", s)
	}
	// A camera that comes while something else is told changes nothing of that.
	s, shot := taken(t)
	s.Fail(shot, FaultTimeout)
	s.CameraStarting()
	s.CameraLive(false, false)
	if s.View != Trouble || s.Fault != FaultTimeout {
		t.Errorf("the camera took another trouble away: %+v", s)
	}
	// A camera that goes while a number is shown takes nothing away.
	s, shot = taken(t)
	s.Answer(shot, Read{Bound: bound, Number: number(t, "4111111111111111")}, false)
	s.CameraFailed(FaultBusy)
	if s.View != Result {
		t.Errorf("the result went with the camera")
	}
}
