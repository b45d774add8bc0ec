package graph

import (
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"vuosikello/store"
)

// ReadReport reads the body of a report's answer, without the limits that apply to requests.
func ReadReport(body []byte) (store.AttendanceReport, string, error) {
	object, err := decode(body, models.CreateMeetingAttendanceReportFromDiscriminatorValue)
	if err != nil {
		return store.AttendanceReport{}, "", readReport.problem(err)
	}
	return reportOf("r", object.(models.MeetingAttendanceReportable))
}
