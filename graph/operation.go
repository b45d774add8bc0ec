package graph

// operation is one thing that is asked of Graph.
type operation struct {
	name       string // for metrics and errors
	lane       laneName
	permission string // the least application permission that Graph's reference names for it
	inTeam     string // the permission with which a team's owner opens that team alone (resource-specific consent), "" where there is none
	policy     bool   // a Teams administrator must let the app act for the organiser, too
}

// Application permissions, by their names in "Microsoft Graph permissions reference".
const (
	calendarsReadWrite     = "Calendars.ReadWrite"
	channelMemberRead      = "ChannelMember.Read.All"
	channelMemberReadTeam  = "ChannelMember.Read.Group"
	channelMessageRead     = "ChannelMessage.Read.All"
	channelMessageReadTeam = "ChannelMessage.Read.Group"
	onlineMeetingsRead     = "OnlineMeetings.Read.All"
	onlineMeetingsWrite    = "OnlineMeetings.ReadWrite.All"
	onlineMeetingArtifacts = "OnlineMeetingArtifact.Read.All"
	reportsRead            = "Reports.Read.All"
	accessPolicy           = "an application access policy for the meeting's host"
)

// Who can grant them ("Grant tenant-wide admin consent to an application", "Grant resource-specific consent to an app" and "Configure
// application access to online meetings").
const (
	consentGrantor = "a Global Administrator or Privileged Role Administrator"
	ownerGrantor   = "an owner of the team, by adding the app's current version to it"
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

	listMembers  = operation{name: "list_channel_members", lane: laneMembers, permission: channelMemberRead, inTeam: channelMemberReadTeam}
	listMessages = operation{name: "list_channel_messages", lane: laneMessages, permission: channelMessageRead, inTeam: channelMessageReadTeam}
	readMessage  = operation{name: "read_channel_message", lane: laneMessages, permission: channelMessageRead, inTeam: channelMessageReadTeam}
	listReplies  = operation{name: "list_replies", lane: laneMessages, permission: channelMessageRead, inTeam: channelMessageReadTeam}

	// What is asked in a batch counts for itself; the batch counts for nothing.
	sendBatch = operation{name: "batch"}

	readActivity = operation{name: "read_team_activity", lane: laneReports, permission: reportsRead}
	download     = operation{name: "download_report", permission: reportsRead} // from a host that is not Graph's, without a token
)

// needs names what has to be granted for the operation, and by whom.
func (op *operation) needs() (permission, who string) {
	switch {
	case op.policy:
		return op.permission + " with an application access policy", bothGrantors
	case op.inTeam != "":
		return op.inTeam + " (or " + op.permission + " for all teams)", ownerGrantor + " (or " + consentGrantor + ")"
	}
	return op.permission, consentGrantor
}
