package teams

import "net/http"

// Media types of the answers to an adaptiveCard/action invoke ("Universal Actions for Adaptive Cards", response format).
const (
	typeAdaptiveCard = "application/vnd.microsoft.card.adaptive"
	typeMessage      = "application/vnd.microsoft.activity.message"
	typeInvokeError  = "application/vnd.microsoft.error"
)

// InvokeAnswer is the body of the answer to an adaptiveCard/action invoke. The HTTP status beside it is 200 always: an answer with
// another status shows the user a generic error instead of ours.
type InvokeAnswer struct {
	StatusCode int    `json:"statusCode"`
	Type       string `json:"type"`
	Value      any    `json:"value"`
}

// InvokeProblem is the value of an error answer.
type InvokeProblem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// InvokeCard answers a click with the card that replaces the clicked one, for this person only. card is any value that marshals
// to an Adaptive Card.
func InvokeCard(card any) Response {
	return Response{Status: http.StatusOK, Body: InvokeAnswer{StatusCode: http.StatusOK, Type: typeAdaptiveCard, Value: card}}
}

// InvokeMessage answers a click with a short text in the person's language; the card stays as it is.
func InvokeMessage(text string) Response {
	return Response{Status: http.StatusOK, Body: InvokeAnswer{StatusCode: http.StatusOK, Type: typeMessage, Value: text}}
}

// InvokeError answers a click that cannot be served. status is 400 for bad input and 500 for a failure of ours; code is for machines,
// text is shown to the person.
func InvokeError(status int, code, text string) Response {
	return Response{Status: http.StatusOK, Body: InvokeAnswer{
		StatusCode: status, Type: typeInvokeError, Value: InvokeProblem{Code: code, Message: text},
	}}
}
