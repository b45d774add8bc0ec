package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"strings"
	"sync"
)

//go:embed static
var staticFiles embed.FS

// Asset is a file that pages load.
type Asset struct {
	Content []byte
	Type    string // media type
	Version string // changes with the content
}

// assets are the files by name. Embedded ones can always be read.
var assets = sync.OnceValue(func() map[string]Asset {
	all := map[string]Asset{}
	for name, media := range map[string]string{"tab.css": "text/css; charset=utf-8", "tab.js": "text/javascript; charset=utf-8", "teams.js": "text/javascript; charset=utf-8"} {
		content, err := staticFiles.ReadFile("static/" + name)
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(content)
		all[name] = Asset{Content: content, Type: media, Version: hex.EncodeToString(sum[:8])}
	}
	return all
})

// AssetAt returns the file of a path below /tab/.
func AssetAt(path string) (Asset, bool) {
	a, ok := assets()[strings.TrimPrefix(path, "/tab/")]
	return a, ok
}

// AssetPath is the address of a file, which changes with its content: what is at an address never does.
func AssetPath(name string) string { return "/tab/" + name + "?v=" + assets()[name].Version }
