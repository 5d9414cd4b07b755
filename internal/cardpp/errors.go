package cardpp

import "strconv"

// The codes of the contract's error table. What follows the colon in error_message is Error.Detail.
const (
	UnsupportedFormat   = "IMAGE_ERROR_UNSUPPORTED_FORMAT" // no picture, or damaged
	InvalidImageSize    = "INVALID_IMAGE_SIZE"             // pixels too many or too few
	InvalidImageURL     = "INVALID_IMAGE_URL"              // can't download
	FileTooLarge        = "IMAGE_FILE_TOO_LARGE"           // over 2 MiB
	DownloadTimeout     = "IMAGE_DOWNLOAD_TIMEOUT"
	AuthenticationError = "AUTHENTICATION_ERROR" // key and secret don't match
	AuthorizationError  = "AUTHORIZATION_ERROR"  // detail: one of the Denied… and Insufficient… reasons
	ConcurrencyLimit    = "CONCURRENCY_LIMIT_EXCEEDED"
	MissingArguments    = "MISSING_ARGUMENTS" // detail: the parameters
	BadArguments        = "BAD_ARGUMENTS"     // detail: the parameter
	Coexistence         = "COEXISTENCE_ARGUMENTS"
	EntityTooLarge      = "Request Entity Too Large" // plain text, not JSON
	APINotFound         = "API_NOT_FOUND"
	InternalError       = "INTERNAL_ERROR"
)

// The reasons of AUTHORIZATION_ERROR.
const (
	DeniedByClient      = "Denied by Client"
	DeniedByAdmin       = "Denied by Admin"
	InsufficientBalance = "Insufficient Account Balance"
)

// Codes lists every code with its HTTP status, in the order of the document's table.
var Codes = []struct {
	Code   string
	Status int
}{
	{UnsupportedFormat, 400}, {InvalidImageSize, 400}, {InvalidImageURL, 400}, {FileTooLarge, 400},
	{DownloadTimeout, 412}, {AuthenticationError, 401}, {AuthorizationError, 403}, {ConcurrencyLimit, 403},
	{MissingArguments, 400}, {BadArguments, 400}, {Coexistence, 400}, {EntityTooLarge, 413}, {APINotFound, 404},
	{InternalError, 500},
}

// Status returns the HTTP status of a code; a code that the table lacks is 500.
func Status(code string) int {
	for _, c := range Codes {
		if c.Code == code {
			return c.Status
		}
	}
	return 500
}

// Error is a failed call in the contract's words.
type Error struct {
	Code   string // one of the codes above
	Detail string // what follows the colon; "" where nothing does
	Status int    // HTTP status
}

// NewError returns the error for a code, with the table's status.
func NewError(code, detail string) *Error { return &Error{code, detail, Status(code)} }

// Message returns error_message: the code, and after a colon and a space the detail.
func (e *Error) Message() string {
	if e.Detail == "" {
		return e.Code
	}
	return e.Code + ": " + e.Detail
}

// Error returns the status and the message.
func (e *Error) Error() string { return strconv.Itoa(e.Status) + " " + e.Message() }

// ParseMessage splits an error_message into code and detail, and joins the status it came with.
func ParseMessage(status int, message string) *Error {
	for i := range len(message) - 1 {
		if message[i] == ':' {
			detail := message[i+1:]
			if detail[0] == ' ' {
				detail = detail[1:]
			}
			return &Error{message[:i], detail, status}
		}
	}
	return &Error{message, "", status}
}

// AppendErrorJSON writes a failure in the contract's JSON to dst.
func AppendErrorJSON(dst []byte, e *Error, requestID string, timeUsed int) []byte {
	dst = append(dst, `{"time_used":`...)
	dst = strconv.AppendInt(dst, int64(timeUsed), 10)
	dst = append(dst, `,"error_message":`...)
	dst = appendString(dst, e.Message())
	dst = append(dst, `,"request_id":`...)
	dst = appendString(dst, requestID)
	return append(dst, '}')
}
