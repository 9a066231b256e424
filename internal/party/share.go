package party

import "strings"

// Seal encrypts a phone or mail that another room keeps, with the key of this room. object and
// field are what it belongs to; only there it opens again. Without a key it is Invalid at the field.
func (s *Service) Seal(text, object, field string) (string, error) {
	return s.vault.seal(text, object, field)
}

// Unseal opens what Seal returned for the same object and field.
func (s *Service) Unseal(text, object, field string) (string, error) {
	if text != "" && !strings.HasPrefix(text, sealMark) {
		return "", errVault
	}
	return s.vault.unseal(text, object, field)
}
