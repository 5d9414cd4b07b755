package state

import "ocrbankcard/internal/cardpp"

// Fault is why something failed. Its texts are "trouble.<fault>.title" and "trouble.<fault>.text".
type Fault string

// The faults.
const (
	FaultNone Fault = ""

	// Of the camera.
	FaultNoCamera Fault = "nocamera"
	FaultRefused  Fault = "refused"
	FaultBusy     Fault = "busy"
	FaultLost     Fault = "lost" // it was there, and the device took it away
	FaultInsecure Fault = "insecure"
	FaultCamera   Fault = "camera" // any other reason

	// Of a picture.
	FaultHEIC        Fault = "heic"
	FaultUnsupported Fault = "unsupported" // no picture, or a damaged one
	FaultTooSmall    Fault = "toosmall"
	FaultTooLarge    Fault = "toolarge"

	// Of the reading.
	FaultNoCard      Fault = "nocard"
	FaultUnreadable  Fault = "unreadable" // a card, but no number
	FaultOffline     Fault = "offline"
	FaultUnreachable Fault = "unreachable" // online, but not to the server
	FaultTimeout     Fault = "timeout"
	FaultServer      Fault = "server"
	FaultCrowded     Fault = "crowded" // the service has too much to do just now
	FaultDenied      Fault = "denied"  // the session has ended, or the page isn't allowed
	FaultDevice      Fault = "device"  // reading on the device could not start
)

// OfCamera reports whether the fault is the camera's; it passes when the camera comes.
func (f Fault) OfCamera() bool {
	switch f {
	case FaultNoCamera, FaultRefused, FaultBusy, FaultLost, FaultInsecure, FaultCamera:
		return true
	}
	return false
}

// Repeatable reports whether the same picture may do better at a second try.
func (f Fault) Repeatable() bool {
	switch f {
	case FaultOffline, FaultUnreachable, FaultTimeout, FaultServer, FaultCrowded, FaultDevice:
		return true
	}
	return false
}

// CameraFault tells a refusal by the name of the error that getUserMedia gives (W3C Media Capture and Streams, 10.2).
func CameraFault(name string, secure bool) Fault {
	switch {
	case !secure:
		return FaultInsecure
	case name == "NotAllowedError" || name == "SecurityError" || name == "PermissionDeniedError":
		return FaultRefused
	case name == "NotFoundError" || name == "OverconstrainedError" || name == "DevicesNotFoundError":
		return FaultNoCamera
	case name == "NotReadableError" || name == "AbortError" || name == "TrackStartError":
		return FaultBusy
	}
	return FaultCamera
}

// ServerFault tells a refusal by the contract's error.
func ServerFault(e *cardpp.Error) Fault {
	switch e.Code {
	case cardpp.UnsupportedFormat:
		return FaultUnsupported
	case cardpp.InvalidImageSize:
		return FaultTooSmall
	case cardpp.FileTooLarge, cardpp.EntityTooLarge:
		return FaultTooLarge
	case cardpp.ConcurrencyLimit:
		return FaultCrowded
	case cardpp.AuthenticationError, cardpp.AuthorizationError, cardpp.MissingArguments:
		return FaultDenied
	case cardpp.DownloadTimeout, cardpp.BadArguments: // the gateway's word for a body that comes too slowly; the page's arguments are good
		return FaultTimeout
	}
	switch {
	case e.Status == 429 || e.Status == 503:
		return FaultCrowded
	case e.Status == 401 || e.Status == 403:
		return FaultDenied
	case e.Status == 504 || e.Status == 408:
		return FaultTimeout
	case e.Status == 413:
		return FaultTooLarge
	}
	return FaultServer
}
