package state

import (
	"testing"

	"ocrbankcard/internal/cardpp"
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
