package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/tools/pager"
	"k8s.io/client-go/util/retry"
)

var scenarios = map[string]scenario{
	"typed-json":            func(ctx context.Context, c *clients) error { return lifecycle(ctx, c, c.typed, "typed-json") },
	"typed-protobuf":        func(ctx context.Context, c *clients) error { return lifecycle(ctx, c, c.protobuf, "typed-protobuf") },
	"dynamic":               dynamicObjects,
	"custom-resources":      customResources,
	"metadata":              metadataOnly,
	"informer":              informer,
	"informer-dynamic":      dynamicInformer,
	"informer-metadata":     metadataInformer,
	"watch-resumes":         watchResumes,
	"watch-bookmarks":       watchBookmarks,
	"leader-election":       leaderElection,
	"server-side-apply":     serverSideApply,
	"paging":                paging,
	"conflicts-are-retried": conflicts,
	"discovery":             discover,
	"tokens":                tokens,
	"scale":                 scale,
	"eviction":              eviction,
	"delete-collection":     deleteCollection,
	"errors":                typedErrors,
}

var configMaps = schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}

func configMap(name string, labels map[string]string, data map[string]string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}, Data: data}
}

func pod(name string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"app": name}},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "registry.example/app:1"}}},
	}
}

func deployment(name string, labels map[string]string) *appsv1.Deployment {
	two := int32(2)
	p := pod(name)
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels},
		Spec: appsv1.DeploymentSpec{
			Replicas: &two,
			Selector: &metav1.LabelSelector{MatchLabels: p.Labels},
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: p.Labels}, Spec: p.Spec},
		},
	}
}

func lifecycle(ctx context.Context, c *clients, typed *kubernetes.Clientset, name string) error {
	maps := typed.CoreV1().ConfigMaps(c.namespace)
	made, err := maps.Create(ctx, configMap(name, nil, map[string]string{"a": "1"}), metav1.CreateOptions{FieldManager: "it"})
	if err != nil {
		return err
	}
	if made.UID == "" || made.ResourceVersion == "" || made.CreationTimestamp.IsZero() || len(made.ManagedFields) != 1 {
		return fmt.Errorf("metadata is not filled in: %v", made.ObjectMeta)
	}
	made.Data["b"] = "2"
	updated, err := maps.Update(ctx, made, metav1.UpdateOptions{})
	if err != nil {
		return err
	}
	if _, err := maps.Update(ctx, made, metav1.UpdateOptions{}); !apierrors.IsConflict(err) {
		return fmt.Errorf("an update at an old resource version: %v", err)
	}
	patched, err := maps.Patch(ctx, name, types.JSONPatchType, []byte(`[{"op":"remove","path":"/data/a"}]`), metav1.PatchOptions{})
	if err != nil {
		return err
	}
	got, err := maps.Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	list, err := maps.List(ctx, metav1.ListOptions{FieldSelector: "metadata.name=" + name})
	if err != nil {
		return err
	}
	if err := all(want("patched", patched.Data, map[string]string{"b": "2"}), want("got", got.ResourceVersion, patched.ResourceVersion),
		want("listed", len(list.Items), 1), want("uid", updated.UID, made.UID)); err != nil {
		return err
	}
	deployed, err := typed.AppsV1().Deployments(c.namespace).Create(ctx, deployment(name, nil), metav1.CreateOptions{})
	if err != nil {
		return err
	}
	if err := all(want("defaulted policy", deployed.Spec.Template.Spec.RestartPolicy, "Always"),
		want("defaulted surge", deployed.Spec.Strategy.RollingUpdate.MaxSurge, "25%"), want("generation", deployed.Generation, 1)); err != nil {
		return err
	}
	uid := updated.UID
	if err := maps.Delete(ctx, name, metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &uid}}); err != nil {
		return err
	}
	if _, err := maps.Get(ctx, name, metav1.GetOptions{}); !apierrors.IsNotFound(err) {
		return fmt.Errorf("after the deletion: %v", err)
	}
	return typed.AppsV1().Deployments(c.namespace).Delete(ctx, name, metav1.DeleteOptions{})
}

func dynamicObjects(ctx context.Context, c *clients) error {
	maps := c.dynamic.Resource(configMaps).Namespace(c.namespace)
	object := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{"generateName": "dynamic-"}, "data": map[string]any{"k": "v"}}}
	made, err := maps.Create(ctx, object, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	patched, err := maps.Patch(ctx, made.GetName(), types.MergePatchType, []byte(`{"data":{"k":null,"l":"w"}}`), metav1.PatchOptions{})
	if err != nil {
		return err
	}
	data, _, _ := unstructured.NestedStringMap(patched.Object, "data")
	if err := want("data", data, map[string]string{"l": "w"}); err != nil {
		return err
	}
	return maps.Delete(ctx, made.GetName(), metav1.DeleteOptions{})
}

func customResources(ctx context.Context, c *clients) error {
	crds := c.dynamic.Resource(schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"})
	crd := &unstructured.Unstructured{}
	if err := json.Unmarshal([]byte(`{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": {"name": "gadgets.it.example.com"},
		"spec": {"group": "it.example.com", "scope": "Namespaced", "names": {"plural": "gadgets", "singular": "gadget", "kind": "Gadget"},
			"versions": [{"name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
				"schema": {"openAPIV3Schema": {"type": "object", "properties": {
					"spec": {"type": "object", "required": ["size"], "properties": {"size": {"type": "integer", "minimum": 1}, "colour": {"type": "string", "default": "red"}}},
					"status": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}}}]}}`), &crd.Object); err != nil {
		return err
	}
	if _, err := crds.Create(ctx, crd, metav1.CreateOptions{}); err != nil {
		return err
	}
	defer crds.Delete(context.WithoutCancel(ctx), crd.GetName(), metav1.DeleteOptions{})
	gadgets := c.dynamic.Resource(schema.GroupVersionResource{Group: "it.example.com", Version: "v1", Resource: "gadgets"}).Namespace(c.namespace)
	gadget := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "it.example.com/v1", "kind": "Gadget",
		"metadata": map[string]any{"name": "one"}, "spec": map[string]any{"size": int64(3), "nonsense": "x"}, "status": map[string]any{"phase": "New"}}}
	var made *unstructured.Unstructured
	if err := eventually(ctx, func() (err error) {
		made, err = gadgets.Create(ctx, gadget, metav1.CreateOptions{})
		return err
	}); err != nil {
		return err
	}
	colour, _, _ := unstructured.NestedString(made.Object, "spec", "colour")
	_, nonsense, _ := unstructured.NestedString(made.Object, "spec", "nonsense")
	_, status, _ := unstructured.NestedMap(made.Object, "status")
	if err := all(want("default", colour, "red"), want("pruned", nonsense, false), want("status at create", status, false), want("generation", made.GetGeneration(), 1)); err != nil {
		return err
	}
	made.Object["status"] = map[string]any{"phase": "Ready"}
	if made, err := gadgets.UpdateStatus(ctx, made, metav1.UpdateOptions{}); err != nil {
		return err
	} else if err := want("generation after status", made.GetGeneration(), 1); err != nil {
		return err
	}
	gadget.SetName("two")
	unstructured.SetNestedField(gadget.Object, int64(0), "spec", "size")
	if _, err := gadgets.Create(ctx, gadget, metav1.CreateOptions{}); !apierrors.IsInvalid(err) {
		return fmt.Errorf("a size below the minimum: %v", err)
	}
	applied := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "it.example.com/v1", "kind": "Gadget",
		"metadata": map[string]any{"name": "one"}, "spec": map[string]any{"size": int64(5)}}}
	if _, err := gadgets.Apply(ctx, "one", applied, metav1.ApplyOptions{FieldManager: "it", Force: true}); err != nil {
		return err
	}
	list, err := gadgets.List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	return want("listed", len(list.Items), 1)
}

func metadataOnly(ctx context.Context, c *clients) error {
	labels := map[string]string{"it": "metadata"}
	if _, err := c.typed.CoreV1().ConfigMaps(c.namespace).Create(ctx, configMap("metadata-only", labels, map[string]string{"big": "body"}), metav1.CreateOptions{}); err != nil {
		return err
	}
	maps := c.metadata.Resource(configMaps).Namespace(c.namespace)
	list, err := maps.List(ctx, metav1.ListOptions{LabelSelector: "it=metadata"})
	if err != nil {
		return err
	}
	one, err := maps.Get(ctx, "metadata-only", metav1.GetOptions{})
	if err != nil {
		return err
	}
	if err := all(want("items", len(list.Items), 1), want("labels", one.Labels, labels)); err != nil {
		return err
	}
	if _, err := maps.Patch(ctx, "metadata-only", types.MergePatchType, []byte(`{"metadata":{"annotations":{"a":"b"}}}`), metav1.PatchOptions{}); err != nil {
		return err
	}
	return maps.Delete(ctx, "metadata-only", metav1.DeleteOptions{})
}

// follow counts what an informer tells and waits for it to be in sync.
type follow struct{ added, updated, deleted atomic.Int32 }

func (f *follow) start(ctx context.Context, i cache.SharedIndexInformer) error {
	_, err := i.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { f.added.Add(1) },
		UpdateFunc: func(any, any) { f.updated.Add(1) },
		DeleteFunc: func(any) { f.deleted.Add(1) },
	})
	if err != nil {
		return err
	}
	go i.Run(ctx.Done())
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if !cache.WaitForCacheSync(ctx.Done(), i.HasSynced) {
		return fmt.Errorf("the informer is not in sync after 20 s")
	}
	return nil
}

func (f *follow) sees(ctx context.Context, added, updated, deleted int32) error {
	return eventually(ctx, func() error {
		return all(want("added", f.added.Load(), added), want("updated", f.updated.Load(), updated), want("deleted", f.deleted.Load(), deleted))
	})
}

// change makes, updates and deletes one object that carries the labels, beside the one that is there before the informer.
func change(ctx context.Context, c *clients, name string, labels map[string]string, start func() (*follow, error)) error {
	maps := c.typed.CoreV1().ConfigMaps(c.namespace)
	if _, err := maps.Create(ctx, configMap(name+"-before", labels, nil), metav1.CreateOptions{}); err != nil {
		return err
	}
	f, err := start()
	if err != nil {
		return err
	}
	if err := f.sees(ctx, 1, 0, 0); err != nil {
		return err
	}
	made, err := maps.Create(ctx, configMap(name+"-after", labels, nil), metav1.CreateOptions{})
	if err != nil {
		return err
	}
	made.Data = map[string]string{"k": "v"}
	if made, err = maps.Update(ctx, made, metav1.UpdateOptions{}); err != nil {
		return err
	}
	// Out of the selector: to a watcher that is a deletion.
	made.Labels = nil
	if _, err = maps.Update(ctx, made, metav1.UpdateOptions{}); err != nil {
		return err
	}
	if err := f.sees(ctx, 2, 1, 1); err != nil {
		return err
	}
	if err := maps.Delete(ctx, name+"-before", metav1.DeleteOptions{}); err != nil {
		return err
	}
	if err := maps.Delete(ctx, name+"-after", metav1.DeleteOptions{}); err != nil {
		return err
	}
	return f.sees(ctx, 2, 1, 2)
}

// streamed says whether the state came as the start of a watch, which is the default of client-go, or with that switched
// off by a list.
func streamed(c *clients, path string) error {
	if os.Getenv("KUBE_FEATURE_WatchListClient") == "false" {
		return all(want("initial events asked for", c.requests.matching("sendInitialEvents"), 0), want("lists", c.requests.matching("GET", path+"?", "limit="), 1))
	}
	if c.requests.matching("GET", path, "sendInitialEvents=true", "resourceVersionMatch=NotOlderThan") == 0 {
		return fmt.Errorf("no watch asked for the initial events: %v", c.requests.seen)
	}
	if n := c.requests.matching("GET", path+"?", "limit="); n > 0 {
		return fmt.Errorf("the informer fell back to a list: %v", c.requests.seen)
	}
	return nil
}

func informer(ctx context.Context, c *clients) error {
	labels := map[string]string{"it": "informer"}
	err := change(ctx, c, "informer", labels, func() (*follow, error) {
		factory := informers.NewSharedInformerFactoryWithOptions(c.protobuf, 0, informers.WithNamespace(c.namespace),
			informers.WithTweakListOptions(func(o *metav1.ListOptions) { o.LabelSelector = "it=informer" }))
		f := &follow{}
		return f, f.start(ctx, factory.Core().V1().ConfigMaps().Informer())
	})
	if err != nil {
		return err
	}
	return streamed(c, "/configmaps")
}

func dynamicInformer(ctx context.Context, c *clients) error {
	labels := map[string]string{"it": "dynamic-informer"}
	err := change(ctx, c, "dynamic-informer", labels, func() (*follow, error) {
		factory := dynamicinformer.NewFilteredDynamicSharedInformerFactory(c.dynamic, 0, c.namespace, func(o *metav1.ListOptions) { o.LabelSelector = "it=dynamic-informer" })
		f := &follow{}
		return f, f.start(ctx, factory.ForResource(configMaps).Informer())
	})
	if err != nil {
		return err
	}
	return streamed(c, "/configmaps")
}

func metadataInformer(ctx context.Context, c *clients) error {
	labels := map[string]string{"it": "metadata-informer"}
	err := change(ctx, c, "metadata-informer", labels, func() (*follow, error) {
		factory := metadatainformer.NewFilteredSharedInformerFactory(c.metadata, 0, c.namespace, func(o *metav1.ListOptions) { o.LabelSelector = "it=metadata-informer" })
		f := &follow{}
		return f, f.start(ctx, factory.ForResource(configMaps).Informer())
	})
	if err != nil {
		return err
	}
	return streamed(c, "/configmaps")
}

func watchResumes(ctx context.Context, c *clients) error {
	maps := c.typed.CoreV1().ConfigMaps(c.namespace)
	made, err := maps.Create(ctx, configMap("resumes", nil, nil), metav1.CreateOptions{})
	if err != nil {
		return err
	}
	versions := []string{}
	for i := range 5 {
		made.Data = map[string]string{"n": fmt.Sprint(i)}
		if made, err = maps.Update(ctx, made, metav1.UpdateOptions{}); err != nil {
			return err
		}
		versions = append(versions, made.ResourceVersion)
	}
	// After the second update there are exactly three more to see, each once and in order.
	w, err := maps.Watch(ctx, metav1.ListOptions{FieldSelector: "metadata.name=resumes", ResourceVersion: versions[1]})
	if err != nil {
		return err
	}
	defer w.Stop()
	for i := 2; i < 5; i++ {
		select {
		case event := <-w.ResultChan():
			object, ok := event.Object.(*corev1.ConfigMap)
			if !ok {
				return fmt.Errorf("an unexpected event: %v", event)
			}
			if err := all(want("type", event.Type, watch.Modified), want("version", object.ResourceVersion, versions[i])); err != nil {
				return err
			}
		case <-time.After(20 * time.Second):
			return fmt.Errorf("event %d did not come", i)
		}
	}
	return maps.Delete(ctx, "resumes", metav1.DeleteOptions{})
}

func watchBookmarks(ctx context.Context, c *clients) error {
	yes := true
	w, err := c.typed.CoreV1().ConfigMaps(c.namespace).Watch(ctx, metav1.ListOptions{AllowWatchBookmarks: true, SendInitialEvents: &yes,
		ResourceVersionMatch: metav1.ResourceVersionMatchNotOlderThan, FieldSelector: "metadata.name=there-is-none"})
	if err != nil {
		return err
	}
	defer w.Stop()
	select {
	case event := <-w.ResultChan():
		m, err := meta.Accessor(event.Object)
		if err != nil {
			return err
		}
		return all(want("type", event.Type, watch.Bookmark), want("end of the initial events", m.GetAnnotations()["k8s.io/initial-events-end"], "true"))
	case <-time.After(20 * time.Second):
		return fmt.Errorf("no bookmark")
	}
}

func leaderElection(ctx context.Context, c *clients) error {
	elected := make(chan string, 4)
	candidate := func(ctx context.Context, id string, lease, renew, retry time.Duration) (*leaderelection.LeaderElector, error) {
		lock, err := resourcelock.New(resourcelock.LeasesResourceLock, c.namespace, "it-leader", c.protobuf.CoreV1(), c.protobuf.CoordinationV1(),
			resourcelock.ResourceLockConfig{Identity: id})
		if err != nil {
			return nil, err
		}
		return leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{Lock: lock, LeaseDuration: lease, RenewDeadline: renew, RetryPeriod: retry,
			ReleaseOnCancel: true, Callbacks: leaderelection.LeaderCallbacks{OnStartedLeading: func(context.Context) { elected <- id }, OnStoppedLeading: func() {}}})
	}
	firstCtx, stopFirst := context.WithCancel(ctx)
	defer stopFirst()
	next := func(id string) error {
		select {
		case got := <-elected:
			return want("leader", got, id)
		case <-time.After(20 * time.Second):
			return fmt.Errorf("%s was not elected", id)
		}
	}
	first, err := candidate(firstCtx, "first", 3*time.Second, 2*time.Second, 200*time.Millisecond)
	if err != nil {
		return err
	}
	go first.Run(firstCtx)
	if err := next("first"); err != nil {
		return err
	}
	second, err := candidate(ctx, "second", 3*time.Second, 2*time.Second, 200*time.Millisecond)
	if err != nil {
		return err
	}
	go second.Run(ctx)
	stopFirst()
	if err := next("second"); err != nil {
		return err
	}
	lease, err := c.typed.CoordinationV1().Leases(c.namespace).Get(ctx, "it-leader", metav1.GetOptions{})
	if err != nil {
		return err
	}
	return all(want("holder", *lease.Spec.HolderIdentity, "second"), want("transitions", *lease.Spec.LeaseTransitions, 1))
}

func serverSideApply(ctx context.Context, c *clients) error {
	maps := c.protobuf.CoreV1().ConfigMaps(c.namespace)
	apply := func(manager string, force bool, data map[string]string) (*corev1.ConfigMap, error) {
		return maps.Apply(ctx, applycorev1.ConfigMap("applied", c.namespace).WithData(data), metav1.ApplyOptions{FieldManager: manager, Force: force})
	}
	if _, err := apply("one", false, map[string]string{"a": "1", "b": "1"}); err != nil {
		return err
	}
	if _, err := apply("two", false, map[string]string{"b": "2", "c": "2"}); !apierrors.IsConflict(err) {
		return fmt.Errorf("a field of another manager: %v", err)
	}
	if _, err := apply("two", true, map[string]string{"b": "2", "c": "2"}); err != nil {
		return err
	}
	// The first gives up a: it goes; b is no longer its own and stays.
	object, err := apply("one", false, map[string]string{})
	if err != nil {
		return err
	}
	if err := want("data", object.Data, map[string]string{"b": "2", "c": "2"}); err != nil {
		return err
	}
	extracted, err := applycorev1.ExtractConfigMap(object, "two")
	if err != nil {
		return err
	}
	if err := want("extracted", extracted.Data, map[string]string{"b": "2", "c": "2"}); err != nil {
		return err
	}
	return maps.Delete(ctx, "applied", metav1.DeleteOptions{})
}

func paging(ctx context.Context, c *clients) error {
	maps := c.typed.CoreV1().ConfigMaps(c.namespace)
	labels := map[string]string{"it": "paging"}
	for i := range 25 {
		if _, err := maps.Create(ctx, configMap(fmt.Sprintf("page-%02d", i), labels, nil), metav1.CreateOptions{}); err != nil {
			return err
		}
	}
	page, err := maps.List(ctx, metav1.ListOptions{LabelSelector: "it=paging", Limit: 10})
	if err != nil {
		return err
	}
	if page.Continue == "" || len(page.Items) != 10 {
		return fmt.Errorf("the first page has %d items, continue %q", len(page.Items), page.Continue)
	}
	if _, err := maps.Create(ctx, configMap("page-24-after-the-snapshot", labels, nil), metav1.CreateOptions{}); err != nil {
		return err
	}
	names := map[string]bool{}
	p := pager.New(pager.SimplePageFunc(func(o metav1.ListOptions) (runtime.Object, error) { return maps.List(ctx, o) }))
	p.PageSize = 7
	if err := p.EachListItem(ctx, metav1.ListOptions{LabelSelector: "it=paging", Continue: page.Continue}, func(o runtime.Object) error {
		names[o.(*corev1.ConfigMap).Name] = true
		return nil
	}); err != nil {
		return err
	}
	if err := all(want("the rest at the same snapshot", len(names), 15), want("made later", names["page-24-after-the-snapshot"], false)); err != nil {
		return err
	}
	return maps.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "it=paging"})
}

func conflicts(ctx context.Context, c *clients) error {
	maps := c.protobuf.CoreV1().ConfigMaps(c.namespace)
	if _, err := maps.Create(ctx, configMap("counter", nil, map[string]string{"n": "0"}), metav1.CreateOptions{}); err != nil {
		return err
	}
	done := make(chan error)
	for range 4 {
		go func() {
			var err error
			for i := 0; i < 10 && err == nil; i++ {
				backoff := retry.DefaultBackoff
				backoff.Steps = 100
				err = retry.RetryOnConflict(backoff, func() error {
					object, err := maps.Get(ctx, "counter", metav1.GetOptions{})
					if err != nil {
						return err
					}
					var n int
					fmt.Sscan(object.Data["n"], &n)
					object.Data["n"] = fmt.Sprint(n + 1)
					_, err = maps.Update(ctx, object, metav1.UpdateOptions{})
					return err
				})
			}
			done <- err
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			return err
		}
	}
	object, err := maps.Get(ctx, "counter", metav1.GetOptions{})
	if err != nil {
		return err
	}
	return all(want("count", object.Data["n"], "40"), maps.Delete(ctx, "counter", metav1.DeleteOptions{}))
}

func discover(ctx context.Context, c *clients) error {
	version, err := c.typed.Discovery().ServerVersion()
	if err != nil {
		return err
	}
	_, lists, err := c.typed.Discovery().ServerGroupsAndResources()
	if err != nil {
		return err
	}
	preferred, err := c.typed.Discovery().ServerPreferredResources()
	if err != nil {
		return err
	}
	paths, err := c.typed.Discovery().OpenAPIV3().Paths()
	if err != nil {
		return err
	}
	v2, err := c.typed.Discovery().OpenAPISchema()
	if err != nil {
		return err
	}
	document, err := paths["apis/apps/v1"].Schema("application/json")
	if err != nil {
		return err
	}
	if len(lists) < 20 || len(preferred) < 20 || len(v2.Definitions.AdditionalProperties) < 500 || len(document) < 10000 {
		return fmt.Errorf("too little: %d lists, %d preferred, %d definitions, %d bytes", len(lists), len(preferred), len(v2.Definitions.AdditionalProperties), len(document))
	}
	return all(want("minor", version.Minor, "36"), want("aggregated discovery", c.requests.matching("GET /apis/apps/v1?"), 0))
}

func tokens(ctx context.Context, c *clients) error {
	accounts := c.protobuf.CoreV1().ServiceAccounts(c.namespace)
	if _, err := accounts.Create(ctx, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "it-tokens"}}, metav1.CreateOptions{}); err != nil {
		return err
	}
	hour := int64(3600)
	token, err := accounts.CreateToken(ctx, "it-tokens", &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: &hour}}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	user := "system:serviceaccount:" + c.namespace + ":it-tokens"
	review, err := c.protobuf.AuthenticationV1().TokenReviews().Create(ctx, &authenticationv1.TokenReview{Spec: authenticationv1.TokenReviewSpec{Token: token.Status.Token}}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	access, err := c.protobuf.AuthorizationV1().SubjectAccessReviews().Create(ctx, &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{User: user,
		ResourceAttributes: &authorizationv1.ResourceAttributes{Namespace: c.namespace, Verb: "get", Resource: "secrets"}}}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	return all(want("authenticated", review.Status.Authenticated, true), want("user", review.Status.User.Username, user),
		want("allowed", access.Status.Allowed, false), accounts.Delete(ctx, "it-tokens", metav1.DeleteOptions{}))
}

func scale(ctx context.Context, c *clients) error {
	deployments := c.protobuf.AppsV1().Deployments(c.namespace)
	if _, err := deployments.Create(ctx, deployment("scaled", nil), metav1.CreateOptions{}); err != nil {
		return err
	}
	current, err := deployments.GetScale(ctx, "scaled", metav1.GetOptions{})
	if err != nil {
		return err
	}
	current.Spec.Replicas = 7
	if _, err := deployments.UpdateScale(ctx, "scaled", current, metav1.UpdateOptions{}); err != nil {
		return err
	}
	object, err := deployments.Get(ctx, "scaled", metav1.GetOptions{})
	if err != nil {
		return err
	}
	return all(want("replicas", *object.Spec.Replicas, 7), want("selector", current.Status.Selector, "app=scaled"), want("generation", object.Generation, 2),
		deployments.Delete(ctx, "scaled", metav1.DeleteOptions{}))
}

func eviction(ctx context.Context, c *clients) error {
	pods := c.protobuf.CoreV1().Pods(c.namespace)
	if _, err := pods.Create(ctx, pod("evicted"), metav1.CreateOptions{}); err != nil {
		return err
	}
	if err := pods.EvictV1(ctx, &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: "evicted"}}); err != nil {
		return err
	}
	if _, err := pods.Get(ctx, "evicted", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
		return fmt.Errorf("a pod on no node goes at once: %v", err)
	}
	return nil
}

func deleteCollection(ctx context.Context, c *clients) error {
	maps := c.protobuf.CoreV1().ConfigMaps(c.namespace)
	for i, labels := range []map[string]string{{"it": "collection"}, {"it": "collection"}, {"it": "other"}} {
		if _, err := maps.Create(ctx, configMap(fmt.Sprintf("collection-%d", i), labels, nil), metav1.CreateOptions{}); err != nil {
			return err
		}
	}
	if err := maps.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "it=collection"}); err != nil {
		return err
	}
	list, err := maps.List(ctx, metav1.ListOptions{LabelSelector: "it in (collection, other)"})
	if err != nil {
		return err
	}
	return all(want("left", len(list.Items), 1), maps.Delete(ctx, "collection-2", metav1.DeleteOptions{}))
}

func typedErrors(ctx context.Context, c *clients) error {
	maps := c.protobuf.CoreV1().ConfigMaps(c.namespace)
	_, missing := maps.Get(ctx, "there-is-none", metav1.GetOptions{})
	_, invalid := maps.Create(ctx, configMap("Not_A_Name", nil, nil), metav1.CreateOptions{})
	if _, err := maps.Create(ctx, configMap("twice", nil, nil), metav1.CreateOptions{}); err != nil {
		return err
	}
	_, exists := maps.Create(ctx, configMap("twice", nil, nil), metav1.CreateOptions{})
	_, selector := maps.List(ctx, metav1.ListOptions{FieldSelector: "data.x=1"})
	_, version := maps.List(ctx, metav1.ListOptions{ResourceVersion: "nonsense"})
	return all(want("missing", apierrors.IsNotFound(missing), true), want("invalid", apierrors.IsInvalid(invalid), true),
		want("exists", apierrors.IsAlreadyExists(exists), true), want("selector", apierrors.IsBadRequest(selector), true),
		want("version "+fmt.Sprint(version), apierrors.IsInvalid(version) || apierrors.IsBadRequest(version), true), maps.Delete(ctx, "twice", metav1.DeleteOptions{}))
}
