// An extension API server of one kind, flunders.wardle.example.com/v1alpha1, made of Go's standard library alone. It keeps
// objects in memory, serves watches, and believes only callers whose certificate the front proxy's authority signed.
//
//	extension -service NAME.NAMESPACE -front-proxy-ca FILE
//
// It prints one line of JSON, its port and its CA bundle, and serves until it is killed.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	group      = "wardle.example.com"
	version    = "v1alpha1"
	apiVersion = group + "/" + version
	base       = "/apis/" + apiVersion
)

type object = map[string]any

type event struct {
	revision int
	body     []byte
	space    string
}

// store holds objects by namespace/name and every change since the start.
type store struct {
	mutex    sync.Mutex
	changed  *sync.Cond
	objects  map[string]object
	history  []event
	revision int
}

func newStore() *store {
	s := &store{objects: map[string]object{}}
	s.changed = sync.NewCond(&s.mutex)
	return s
}

func (s *store) record(kind, space string, o object) {
	body, _ := json.Marshal(object{"type": kind, "object": o})
	s.history = append(s.history, event{s.revision, append(body, '\n'), space})
	s.changed.Broadcast()
}

func status(w http.ResponseWriter, code int, reason, message string) {
	answer(w, code, object{"kind": "Status", "apiVersion": "v1", "metadata": object{}, "status": "Failure", "reason": reason, "message": message, "code": code})
}

func answer(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body)
}

func metadata(o object) object {
	m, ok := o["metadata"].(object)
	if !ok {
		m = object{}
		o["metadata"] = m
	}
	return m
}

func (s *store) put(w http.ResponseWriter, r *http.Request, space, name string) {
	var o object
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&o); err != nil {
		status(w, 400, "BadRequest", err.Error())
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	m := metadata(o)
	created := name == ""
	if created {
		name, _ = m["name"].(string)
	}
	key := space + "/" + name
	old, known := s.objects[key]
	if created && known {
		status(w, 409, "AlreadyExists", fmt.Sprintf("flunders.%s %q already exists", group, name))
		return
	}
	if !created && !known {
		status(w, 404, "NotFound", fmt.Sprintf("flunders.%s %q not found", group, name))
		return
	}
	s.revision++
	o["kind"], o["apiVersion"] = "Flunder", apiVersion
	m["namespace"], m["name"], m["resourceVersion"] = space, name, strconv.Itoa(s.revision)
	code, kind := 201, "ADDED"
	if created {
		m["uid"] = fmt.Sprintf("00000000-0000-4000-8000-%012d", s.revision)
		m["creationTimestamp"] = time.Now().UTC().Format(time.RFC3339)
		m["annotations"] = object{group + "/made-by": r.Header.Get("X-Remote-User"), group + "/groups": strings.Join(r.Header.Values("X-Remote-Group"), ",")}
	} else {
		m["uid"], m["creationTimestamp"] = metadata(old)["uid"], metadata(old)["creationTimestamp"]
		code, kind = 200, "MODIFIED"
	}
	s.objects[key] = o
	s.record(kind, space, o)
	answer(w, code, o)
}

func (s *store) remove(w http.ResponseWriter, space, name string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	o, known := s.objects[space+"/"+name]
	if !known {
		status(w, 404, "NotFound", fmt.Sprintf("flunders.%s %q not found", group, name))
		return
	}
	delete(s.objects, space+"/"+name)
	s.revision++
	metadata(o)["resourceVersion"] = strconv.Itoa(s.revision)
	s.record("DELETED", space, o)
	answer(w, 200, o)
}

func (s *store) get(w http.ResponseWriter, space, name string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if o, known := s.objects[space+"/"+name]; known {
		answer(w, 200, o)
		return
	}
	status(w, 404, "NotFound", fmt.Sprintf("flunders.%s %q not found", group, name))
}

func (s *store) list(w http.ResponseWriter, space string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	keys := []string{}
	for key := range s.objects {
		if space == "" || strings.HasPrefix(key, space+"/") {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	items := []object{}
	for _, key := range keys {
		items = append(items, s.objects[key])
	}
	answer(w, 200, object{"kind": "FlunderList", "apiVersion": apiVersion, "metadata": object{"resourceVersion": strconv.Itoa(s.revision)}, "items": items})
}

// watch writes every change after the given revision as it comes.
func (s *store) watch(w http.ResponseWriter, r *http.Request, space string) {
	after, _ := strconv.Atoi(r.URL.Query().Get("resourceVersion"))
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(200)
	flusher := w.(http.Flusher)
	flusher.Flush()
	go func() {
		<-r.Context().Done()
		s.mutex.Lock()
		s.changed.Broadcast()
		s.mutex.Unlock()
	}()
	at := 0
	for r.Context().Err() == nil {
		s.mutex.Lock()
		for at == len(s.history) && r.Context().Err() == nil {
			s.changed.Wait()
		}
		pending := s.history[at:]
		at = len(s.history)
		s.mutex.Unlock()
		for _, e := range pending {
			if e.revision > after && (space == "" || e.space == space) {
				if _, err := w.Write(e.body); err != nil {
					return
				}
			}
		}
		flusher.Flush()
	}
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if len(r.TLS.VerifiedChains) == 0 || r.Header.Get("X-Remote-User") == "" {
		status(w, 401, "Unauthorized", "Unauthorized")
		return
	}
	if r.Header.Get("Authorization") != "" {
		status(w, 400, "BadRequest", "the caller's own credentials arrived")
		return
	}
	if r.URL.Path == base {
		verbs := []string{"create", "delete", "get", "list", "update", "watch"}
		answer(w, 200, object{"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": apiVersion, "resources": []object{
			{"name": "flunders", "singularName": "flunder", "namespaced": true, "kind": "Flunder", "verbs": verbs, "shortNames": []string{"fl"}}}})
		return
	}
	path := strings.Split(strings.TrimPrefix(r.URL.Path, base+"/"), "/")
	space, name := "", ""
	if len(path) > 2 && path[0] == "namespaces" {
		space, path = path[1], path[2:]
	}
	if path[0] != "flunders" || len(path) > 2 {
		http.NotFound(w, r)
		return
	}
	if len(path) == 2 {
		name = path[1]
	}
	switch {
	case r.Method == "GET" && name == "" && r.URL.Query().Get("watch") != "":
		s.watch(w, r, space)
	case r.Method == "GET" && name == "":
		s.list(w, space)
	case r.Method == "GET":
		s.get(w, space, name)
	case r.Method == "POST" && name == "", r.Method == "PUT" && name != "":
		s.put(w, r, space, name)
	case r.Method == "DELETE" && name != "":
		s.remove(w, space, name)
	default:
		status(w, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

// mint makes an authority and a serving certificate for a name.
func mint(name string) (tls.Certificate, []byte) {
	caKey := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "extension-ca"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	caBytes := must(x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey))
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: ca.NotBefore, NotAfter: ca.NotAfter, DNSNames: []string{name},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	leafBytes := must(x509.CreateCertificate(rand.Reader, leaf, ca, &key.PublicKey, caKey))
	return tls.Certificate{Certificate: [][]byte{leafBytes}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caBytes})
}

func main() {
	service := flag.String("service", "", "NAME.NAMESPACE of the Service that leads here")
	proxyCA := flag.String("front-proxy-ca", "", "file of the authority that signs the front proxy's certificate")
	flag.Parse()
	certificate, bundle := mint(*service + ".svc")
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(must(os.ReadFile(*proxyCA))) {
		log.Fatal("no certificate in " + *proxyCA)
	}
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	server := &http.Server{Handler: newStore(), TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: pool}}
	fmt.Println(string(must(json.Marshal(object{"port": listener.Addr().(*net.TCPAddr).Port, "caBundle": bundle}))))
	log.Fatal(server.ServeTLS(listener, "", ""))
}
