package graph

// operation is one thing that is asked of Graph.
type operation struct {
	name       string // for metrics and errors
	lane       laneName
	permission string // the least application permission that Graph's reference names for it
	policy     bool   // a Teams administrator must let the app act for the organiser, too
}

// Application permissions, by their names in "Microsoft Graph permissions reference".
const (
	calendarsReadWrite     = "Calendars.ReadWrite"
	onlineMeetingsRead     = "OnlineMeetings.Read.All"
	onlineMeetingsWrite    = "OnlineMeetings.ReadWrite.All"
	onlineMeetingArtifacts = "OnlineMeetingArtifact.Read.All"
	accessPolicy           = "an application access policy for the meeting's host"
)

// Who can grant them ("Grant tenant-wide admin consent to an application" and "Configure application access to online meetings").
const (
	consentGrantor = "a Global Administrator"
	policyGrantor  = "a Teams administrator with Grant-CsApplicationAccessPolicy"
	bothGrantors   = consentGrantor + ", and for the policy " + policyGrantor
)

// Everything that is asked of Graph.
var (
	createEvent = operation{name: "create_event", lane: laneCalendar, permission: calendarsReadWrite}
	readEvent   = operation{name: "read_event", lane: laneCalendar, permission: calendarsReadWrite}
	updateEvent = operation{name: "update_event", lane: laneCalendar, permission: calendarsReadWrite}
	deleteEvent = operation{name: "delete_event", lane: laneCalendar, permission: calendarsReadWrite}

	createMeeting = operation{name: "create_meeting", lane: laneMeetings, permission: onlineMeetingsWrite, policy: true}
	updateMeeting = operation{name: "update_meeting", lane: laneMeetings, permission: onlineMeetingsWrite, policy: true}
	deleteMeeting = operation{name: "delete_meeting", lane: laneMeetings, permission: onlineMeetingsWrite, policy: true}
	findMeeting   = operation{name: "find_meeting", lane: laneMeetings, permission: onlineMeetingsRead, policy: true}

	listReports = operation{name: "list_attendance_reports", lane: laneMeetings, permission: onlineMeetingArtifacts, policy: true}
	readReport  = operation{name: "read_attendance_report", lane: laneMeetings, permission: onlineMeetingArtifacts, policy: true}
)

// needs names what has to be granted for the operation, and by whom.
func (op *operation) needs() (permission, who string) {
	if op.policy {
		return op.permission + " with an application access policy", bothGrantors
	}
	return op.permission, consentGrantor
}
