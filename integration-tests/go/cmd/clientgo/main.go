// clientgo drives a server with client-go and says of each scenario whether it passed.
//
//	clientgo -kubeconfig FILE [-namespace NAME] [SCENARIO...]
//
// Without scenarios it lists their names, one a line. For each it writes a line of JSON:
// {"name": ..., "passed": ..., "error": ..., "millis": ...}. It ends with 1 when one failed. The namespace must exist.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"sort"
	"strings"
	"sync"
	"time"

	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// clients is everything a scenario talks with. Each scenario gets its own, so that what one asked is its own.
type clients struct {
	config    *rest.Config
	namespace string
	typed     *kubernetes.Clientset
	protobuf  *kubernetes.Clientset
	dynamic   *dynamic.DynamicClient
	metadata  metadata.Interface
	requests  *requests
}

// requests keeps the queries that went out.
type requests struct {
	mu   sync.Mutex
	seen []string
}

func (r *requests) add(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, line)
}

// matching counts the requests that contain all parts.
func (r *requests) matching(parts ...string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
next:
	for _, line := range r.seen {
		for _, part := range parts {
			if !strings.Contains(line, part) {
				continue next
			}
		}
		n++
	}
	return n
}

type recorder struct {
	next     http.RoundTripper
	requests *requests
}

func (r recorder) RoundTrip(q *http.Request) (*http.Response, error) {
	r.requests.add(q.Method + " " + q.URL.Path + "?" + q.URL.RawQuery)
	return r.next.RoundTrip(q)
}

type scenario func(ctx context.Context, c *clients) error

func connect(kubeconfig, namespace string) (*clients, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = 1000, 1000
	c := &clients{config: config, namespace: namespace, requests: &requests{}}
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return recorder{next, c.requests} })
	asJSON := rest.CopyConfig(config)
	asJSON.ContentType = "application/json"
	asProtobuf := rest.CopyConfig(config)
	asProtobuf.ContentType = "application/vnd.kubernetes.protobuf"
	asProtobuf.AcceptContentTypes = "application/vnd.kubernetes.protobuf"
	if c.typed, err = kubernetes.NewForConfig(asJSON); err != nil {
		return nil, err
	}
	if c.protobuf, err = kubernetes.NewForConfig(asProtobuf); err != nil {
		return nil, err
	}
	if c.dynamic, err = dynamic.NewForConfig(config); err != nil {
		return nil, err
	}
	c.metadata, err = metadata.NewForConfig(config)
	return c, err
}

func main() {
	kubeconfig := flag.String("kubeconfig", os.Getenv("KUBECONFIG"), "the server")
	namespace := flag.String("namespace", "default", "where objects are made")
	flag.Parse()
	if flag.NArg() == 0 {
		var names []string
		for name := range scenarios {
			names = append(names, name)
		}
		sort.Strings(names)
		fmt.Println(strings.Join(names, "\n"))
		return
	}
	failed := false
	for _, name := range flag.Args() {
		start := time.Now()
		err := play(name, *kubeconfig, *namespace)
		result := map[string]any{"name": name, "passed": err == nil, "millis": time.Since(start).Milliseconds()}
		if err != nil {
			result["error"], failed = err.Error(), true
		}
		line, _ := json.Marshal(result)
		fmt.Println(string(line))
	}
	if failed {
		os.Exit(1)
	}
}

func play(name, kubeconfig, namespace string) (err error) {
	run, ok := scenarios[name]
	if !ok {
		return fmt.Errorf("there is no scenario %q", name)
	}
	c, err := connect(kubeconfig, namespace)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	return run(ctx, c)
}

// eventually tries until there is no error or the context ends.
func eventually(ctx context.Context, try func() error) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("did not hold in time: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// want says what differs.
func want(what string, got, wanted any) error {
	g, w := fmt.Sprintf("%v", got), fmt.Sprintf("%v", wanted)
	if g != w {
		return fmt.Errorf("%s: got %s, want %s", what, g, w)
	}
	return nil
}

// all returns the first error.
func all(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
