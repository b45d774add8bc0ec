package cards

import "vuosikello/store"

// Clash says in a sentence what clashes. Nothing forbids it: the plan's makers decide.
func (l Lang) Clash(c *store.Clash) string {
	name := clip(plainText(c.Name), showName)
	if c.Kind == store.ClashHoliday {
		name = l.Holiday(c.Name)
	}
	args := []any{"date", l.Date(c.Day, 0), "name", name}
	if c.Entry != nil {
		args = append(args, "title", clip(plainText(c.Entry.Title), showName))
	}
	switch c.Kind {
	case store.ClashAudience:
		_, week := c.Day.ISOWeek()
		args = append(args, "other", clip(plainText(c.Other.Title), showName), "week", week)
		return l.T("clash.audience", args...)
	case store.ClashApprover:
		return l.T("clash.approver", args...)
	case store.ClashMeeting:
		return l.T("clash.meeting", append(args, "title", clip(plainText(c.Session.Title), showName))...)
	default:
		return l.T("clash.holiday", args...)
	}
}
