package axe

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
)

func TestScriptUnchanged(t *testing.T) {
	sum := sha256.Sum256([]byte(Script))
	if got := hex.EncodeToString(sum[:]); got != SHA256 {
		t.Errorf("axe.min.js has checksum %s, want %s", got, SHA256)
	}
	if !strings.HasPrefix(Script, "/*! axe v"+Version+"\n") {
		t.Errorf("axe.min.js is not version %s", Version)
	}
}
