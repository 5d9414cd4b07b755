package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// listed adds what lets others check a site that they don't build: scanner.js once more, under a name that stands for its
// content, for shops that pin the script by its hash (PCI DSS 4.0, 6.4.3); and integrity.json, the hash of every file, to
// compare a CDN's folder with what was published (11.6.1). config.json is left out, for an operator may change it.
func listed(files []*file) ([]*file, error) {
	sums := map[string]string{}
	for _, f := range files {
		if f.name == "scanner.js" {
			sum := sha256.Sum256(f.data)
			files = append(files, &file{source: "the pinned scanner.js", name: "scanner." + hex.EncodeToString(sum[:6]) + ".js", data: f.data, sri: f.sri})
		}
	}
	for _, f := range files {
		if f.name != "config.json" {
			sums[f.name] = f.sri
		}
	}
	text, err := json.MarshalIndent(sums, "", "\t")
	return append(files, &file{source: "integrity.json", name: "integrity.json", data: append(text, '\n')}), err
}
