package io.thyra.machinery.apply;

import io.thyra.model.Failure;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What others need to know about `metadata.managedFields` without changing them.
public final class ManagedFields {
  private ManagedFields() {}

  /// What is wrong with some entries; empty when they are valid. Admission asks it after its plugins have run.
  public static Optional<String> findProblem(ListValue entries) {
    try {
      Managed.decode(entries, false);
      return Optional.empty();
    } catch (TypedException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  /// The versions that the managers of an object wrote in, each once, in the order of the entries. Whoever converts
  /// slowly can make the conversions for [VersionConverter] beforehand.
  public static List<String> versions(ObjectValue object) {
    return Managed.entries(object).objects().stream().map(entry -> entry.string("apiVersion")).distinct().toList();
  }

  /// An object about to be stored, with the times of its entries set back to the stored ones when nothing but times
  /// differs: a write that changes nothing must not look like one. To be asked after defaulting and admission.
  /// Source: apiserver pkg/endpoints/handlers/fieldmanager/equality.go.
  public static ObjectValue keepTimes(ObjectValue live, ObjectValue object) {
    ListValue before = Managed.entries(live);
    ListValue after = Managed.entries(object);
    if (before == after || after.isEmpty() || before.size() != after.size() || !differOnlyInTimes(before, after)) {
      return object;
    }
    ObjectValue reset = object.with("metadata", object.object("metadata").with("managedFields", before));
    return Values.equal(live, reset) ? reset : object;
  }

  private static boolean differOnlyInTimes(ListValue before, ListValue after) {
    return IntStream.range(0, before.size()).allMatch(i -> Values.equal(timeless(before.get(i)), timeless(after.get(i))));
  }

  private static Value timeless(Value entry) {
    return entry instanceof ObjectValue object ? object.without("time") : entry;
  }

  /// The managed fields of a main resource as its scale subresource shows them, and back. The replicas of the two are
  /// one field under two names. Source: apimachinery pkg/util/managedfields/scalehandler.go.
  ///
  /// @param replicas by apiVersion of the main resource, the path of its replicas; [FieldSet#EMPTY] for a version
  ///     without a scale
  /// @param apiVersion the version of the main resource in this request
  /// @param sorted as in [FieldManager.Scope]
  public record Scale(Map<String, FieldSet> replicas, String apiVersion, boolean sorted) {
    private static final String SCALE_VERSION = "autoscaling/v1";
    private static final FieldSet SCALE_REPLICAS = FieldSet.ofNames("spec", "replicas");

    public Scale {
      replicas = Map.copyOf(replicas);
      Objects.requireNonNull(apiVersion);
    }

    /// The entries of a Scale: those of the main resource that own its replicas.
    public ListValue toScale(ListValue parent) {
      Managed managed = decode(parent);
      Managed out = Managed.empty();
      managed
          .fields()
          .forEach(
              (id, owned) -> {
                if (holdsReplicas(owned)) {
                  out.fields().put(id, OwnedFields.of(SCALE_REPLICAS, SCALE_VERSION, owned.applied()));
                  putTime(managed, out, id);
                }
              });
      return out.encode(sorted);
    }

    /// The entries of the main resource after its Scale was written with `scale`.
    public ListValue toParent(ListValue parent, ListValue scale) {
      Managed managed = decode(parent);
      Managed scaled = decode(scale);
      Managed out = Managed.empty();
      managed
          .fields()
          .forEach(
              (id, owned) -> {
                if (!replicas.containsKey(owned.apiVersion())) {
                  return;
                }
                if (!holdsReplicas(owned)) {
                  keep(managed, out, id, owned);
                } else if (scaled.fields().remove(id) != null) {
                  keep(managed, out, id, owned);
                } else {
                  FieldSet rest = owned.fields().difference(path(owned.apiVersion()));
                  if (!rest.isEmpty()) {
                    keep(managed, out, id, owned.with(rest));
                  }
                }
              });
      scaled
          .fields()
          .forEach(
              (id, owned) -> {
                if (!owned.fields().intersection(SCALE_REPLICAS).isEmpty()) {
                  // The time is the one that the main resource knew, which for a new manager is none.
                  keep(managed, out, id, OwnedFields.of(path(apiVersion), apiVersion, owned.applied()));
                }
              });
      return out.encode(sorted);
    }

    private static Managed decode(ListValue entries) {
      try {
        return Managed.decode(entries, false);
      } catch (TypedException e) {
        throw new Failure.Unclassified(500, Objects.requireNonNullElse(e.getMessage(), "")).toException();
      }
    }

    private static void keep(Managed from, Managed to, ManagerId id, OwnedFields owned) {
      to.fields().put(id, owned);
      putTime(from, to, id);
    }

    private static void putTime(Managed from, Managed to, ManagerId id) {
      @Nullable Value time = from.times().get(id);
      if (time != null) {
        to.times().put(id, time);
      }
    }

    private boolean holdsReplicas(OwnedFields owned) {
      FieldSet path = path(owned.apiVersion());
      return !path.isEmpty() && !owned.fields().intersection(path).isEmpty();
    }

    private FieldSet path(String version) {
      return replicas.getOrDefault(version, FieldSet.EMPTY);
    }
  }
}
