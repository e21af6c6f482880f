package io.thyra.groups;

import io.thyra.codec.Canonical;
import io.thyra.machinery.Names.NameRule;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.DeleteTerms;
import io.thyra.registry.RequestContext;
import io.thyra.registry.ResourceStrategy;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The rules of a kind, put together from parts. What most kinds share is here: a write to the object itself cannot touch
/// the status, a write to the status cannot touch anything else, and a kind that counts generations starts at 1 and
/// counts on when the spec changes. Immutable and pure but for what its parts were given.
public final class KindStrategy implements ResourceStrategy {
  /// Changes an object on its way in.
  @FunctionalInterface
  public interface CreateStep {
    ObjectValue apply(RequestContext context, ObjectValue object);
  }

  /// Changes an object on its way in, knowing what is stored.
  @FunctionalInterface
  public interface UpdateStep {
    ObjectValue apply(RequestContext context, ObjectValue object, ObjectValue old);
  }

  /// Texts for `Warning` headers; `old` is null on create.
  @FunctionalInterface
  public interface Warnings {
    List<String> about(ObjectValue object, @Nullable ObjectValue old);
  }

  /// Looks at an object with the request at hand.
  @FunctionalInterface
  public interface ContextRule {
    void check(RequestContext context, ObjectValue object, List<FieldError> errors);
  }

  /// Looks at a change with the request at hand.
  @FunctionalInterface
  public interface ContextUpdateRule {
    void check(RequestContext context, ObjectValue object, ObjectValue old, List<FieldError> errors);
  }

  private static final FieldPath METADATA = FieldPath.of("metadata");

  private final Builder parts;
  private final List<List<String>> resetFields;

  private KindStrategy(Builder parts) {
    this.parts = parts;
    this.resetFields = List.copyOf(parts.resetFields);
  }

  /// The rules of the object itself.
  public static Builder of(Struct struct) {
    return new Builder(struct, false);
  }

  /// The rules of `/status`: everything but the status (and what the status may bring along) stays as stored.
  public static Builder statusOf(Struct struct) {
    return new Builder(struct, true);
  }

  public Struct struct() {
    return parts.struct;
  }

  @Override
  public ObjectValue prepareForCreate(RequestContext context, ObjectValue object) {
    ObjectValue changed = object;
    if (parts.dropsStatus) {
      changed = parts.keepStatus(changed, ObjectValue.EMPTY);
      for (String field : parts.firstStatus) {
        Value told = object.at("status", field);
        changed = told == null ? changed : changed.with("status", changed.object("status").with(field, told));
      }
    }
    if (parts.countsGenerations) {
      changed = parts.firstGeneration == 0 ? changed : changed.with("metadata", generation(changed.object("metadata"), 1));
    }
    for (CreateStep step : parts.createSteps) {
      changed = step.apply(context, changed);
    }
    return canonical(changed, object);
  }

  @Override
  public ObjectValue prepareForUpdate(RequestContext context, ObjectValue object, ObjectValue old) {
    ObjectValue changed = object;
    boolean countsSent = parts.countsAsSent && counts(object, old);
    if (parts.status) {
      changed = parts.keepAllButStatus(changed, old);
    } else if (parts.dropsStatus) {
      changed = parts.keepStatus(changed, old);
    }
    for (UpdateStep step : parts.updateSteps) {
      changed = step.apply(context, changed, old);
    }
    if (parts.countsGenerations && !parts.status) {
      long before = old.integer(0, "metadata", "generation");
      ObjectValue after = canonical(changed, object);
      boolean counts = parts.countsAsSent ? countsSent : counts(after, old) || parts.countsMetadata(object, old);
      changed = changed.with("metadata", generation(changed.object("metadata"), counts ? before + 1 : before));
    }
    return canonical(changed, object);
  }

  private boolean counts(ObjectValue object, ObjectValue old) {
    return parts.countedFields.stream().anyMatch(field -> differs(field, old, object))
        || parts.countsAsSent && parts.countsMetadata(object, old);
  }

  // Steps set fields without a thought for their order.
  private ObjectValue canonical(ObjectValue changed, ObjectValue object) {
    return Canonical.complete(changed, parts.struct, object);
  }

  private boolean differs(String field, ObjectValue old, ObjectValue object) {
    if (parts.countsEmpties) {
      return !GoStruct.identical(field, old, object);
    }
    FieldSchema schema = parts.struct.field(field);
    return !Objects.equals(old.get(field), object.get(field))
        && (schema == null || !GoStruct.same(schema.shape(), old.get(field), object.get(field)));
  }

  private ObjectValue generation(ObjectValue metadata, long generation) {
    if (generation == 0) {
      return metadata.without("generation");
    }
    ObjectValue changed = metadata.with("generation", generation);
    FieldSchema field = parts.struct.field("metadata");
    return field != null && field.shape() instanceof Struct meta ? SchemaOrder.sort(meta, changed) : changed;
  }

  @Override
  public void validateCreate(RequestContext context, ObjectValue object, List<FieldError> errors) {
    for (ContextRule rule : parts.permissions) {
      rule.check(context, object, errors);
    }
    metadata(object, errors);
    parts.createRule.check(object, null, errors);
    for (ContextRule rule : parts.contextRules) {
      rule.check(context, object, errors);
    }
  }

  @Override
  public void validateUpdate(RequestContext context, ObjectValue object, ObjectValue old, List<FieldError> errors) {
    switch (parts.order) {
      case CHANGE -> {
        changedMetadata(object, old, errors);
        parts.updateRule.check(object, old, null, errors);
      }
      case CHANGE_WHOLE -> {
        changedMetadata(object, old, errors);
        metadata(object, errors);
        parts.updateRule.check(object, old, null, errors);
      }
      case WHOLE -> {
        metadata(object, errors);
        parts.updateRule.check(object, old, null, errors);
      }
      case METADATA -> {
        metadata(object, errors);
        changedMetadata(object, old, errors);
        parts.updateRule.check(object, old, null, errors);
      }
      case WHOLE_CHANGE -> {
        metadata(object, errors);
        parts.wholeRule.check(object, old, null, errors);
        changedMetadata(object, old, errors);
        parts.ownUpdateRule.check(object, old, null, errors);
      }
      case OWN_WHOLE -> {
        changedMetadata(object, old, errors);
        parts.ownUpdateRule.check(object, old, null, errors);
        metadata(object, errors);
        parts.wholeRule.check(object, old, null, errors);
      }
    }
    for (ContextUpdateRule rule : parts.contextUpdateRules) {
      rule.check(context, object, old, errors);
    }
  }

  private void metadata(ObjectValue object, List<FieldError> errors) {
    NameRule name = parts.name;
    if (name != null) {
      MetadataRules.check(object.object("metadata"), parts.namespaced, name, METADATA, parts.anyFinalizers, errors);
    }
  }

  private void changedMetadata(ObjectValue object, ObjectValue old, List<FieldError> errors) {
    if (parts.name != null) {
      MetadataRules.checkUpdate(object.object("metadata"), old.object("metadata"), METADATA, parts.anyFinalizers, errors);
    }
  }

  @Override
  public List<String> warningsOnCreate(RequestContext context, ObjectValue object) {
    return warnings(object, null);
  }

  @Override
  public List<String> warningsOnUpdate(RequestContext context, ObjectValue object, ObjectValue old) {
    return warnings(object, old);
  }

  @Override
  public void checkDelete(RequestContext context) {
    parts.deleteCheck.accept(context);
  }

  @Override
  public List<String> warningsOnDelete(DeleteTerms terms) {
    return parts.deleteWarnings.apply(terms);
  }

  private List<String> warnings(ObjectValue object, @Nullable ObjectValue old) {
    var all = new ArrayList<String>();
    parts.warnings.forEach(w -> all.addAll(w.about(object, old)));
    return all;
  }

  @Override
  public ObjectValue canonicalize(ObjectValue object) {
    return parts.canonical.apply(object);
  }

  @Override
  public boolean allowCreateOnUpdate() {
    return parts.createsOnUpdate;
  }

  @Override
  public boolean allowUnconditionalUpdate() {
    return parts.unconditional;
  }

  @Override
  public List<List<String>> resetFields() {
    return resetFields;
  }

  @Override
  public void afterCreate(RequestContext context, ObjectValue object) {
    parts.hooks.afterCreate(context, object);
  }

  @Override
  public void afterUpdate(RequestContext context, ObjectValue object, ObjectValue old) {
    parts.hooks.afterUpdate(context, object, old);
  }

  @Override
  public void afterDelete(RequestContext context, ObjectValue object) {
    parts.hooks.afterDelete(context, object);
  }

  @Override
  public void abandoned(RequestContext context, ObjectValue object) {
    parts.hooks.abandoned(context, object);
  }

  @Override
  public void abandonedUpdate(RequestContext context, ObjectValue object, ObjectValue old) {
    parts.hooks.abandonedUpdate(context, object, old);
  }

  @Override
  public OptionalLong gracePeriod(ObjectValue object, OptionalLong asked) {
    return parts.grace.of(object, asked);
  }

  /// The seconds between the deletion of an object and its end; empty for none at all.
  @FunctionalInterface
  public interface Grace {
    OptionalLong of(ObjectValue object, OptionalLong asked);
  }

  /// What happens outside the object when it comes and goes.
  public interface Hooks {
    Hooks NONE = new Hooks() {};

    default void afterCreate(RequestContext context, ObjectValue object) {}

    default void afterUpdate(RequestContext context, ObjectValue object, ObjectValue old) {}

    default void afterDelete(RequestContext context, ObjectValue object) {}

    /// A new object was refused after it was made ready.
    default void abandoned(RequestContext context, ObjectValue object) {}

    /// A change was refused after it was made ready.
    default void abandonedUpdate(RequestContext context, ObjectValue object, ObjectValue old) {}
  }

  /// What is checked of a changed object, in which order: upstream's validations of updates call that of new objects before
  /// or after their own, or not at all, and their errors come in that order.
  public enum UpdateOrder {
    /// The change of the metadata, then all rules.
    CHANGE,
    /// The change of the metadata, the metadata as of a new object, then all rules.
    CHANGE_WHOLE,
    /// The metadata as of a new object, then all rules.
    WHOLE,
    /// The metadata as of a new object, its change, then all rules.
    METADATA,
    /// Everything as of a new object, then the change of the metadata and the rules of updates alone.
    WHOLE_CHANGE,
    /// The change of the metadata and the rules of updates alone, then everything as of a new object.
    OWN_WHOLE
  }

  /// Collects the parts; for one thread.
  public static final class Builder {
    private final Struct struct;
    private final boolean status;
    private boolean namespaced = true;
    private boolean dropsStatus;
    private boolean countsGenerations;
    private boolean countsAnnotations;
    private boolean countsEmpties;
    private boolean countsAsSent;
    private boolean countsLabels;
    private boolean createsOnUpdate;
    private boolean unconditional = true;
    private UpdateOrder order = UpdateOrder.CHANGE;
    private boolean anyFinalizers;
    private long firstGeneration = 1;
    private List<String> countedFields = List.of("spec");
    private List<String> keptMetadata = List.of();
    private List<String> firstStatus = List.of();
    private @Nullable NameRule name;
    private Rule createRule = Rule.none();
    private UpdateRule updateRule = UpdateRule.none();
    private UpdateRule wholeRule = UpdateRule.none();
    private UpdateRule ownUpdateRule = UpdateRule.none();
    private Hooks hooks = Hooks.NONE;
    private Grace grace = (_, _) -> OptionalLong.empty();
    private java.util.function.UnaryOperator<ObjectValue> canonical = java.util.function.UnaryOperator.identity();
    private final List<ContextRule> permissions = new ArrayList<>();
    private final List<ContextRule> contextRules = new ArrayList<>();
    private final List<ContextUpdateRule> contextUpdateRules = new ArrayList<>();
    private final List<CreateStep> createSteps = new ArrayList<>();
    private final List<UpdateStep> updateSteps = new ArrayList<>();
    private final List<Warnings> warnings = new ArrayList<>();
    private Function<DeleteTerms, List<String>> deleteWarnings = _ -> List.of();
    private Consumer<RequestContext> deleteCheck = _ -> {};
    private final List<List<String>> resetFields = new ArrayList<>();

    private Builder(Struct struct, boolean status) {
      this.struct = struct;
      this.status = status;
      if (status) {
        resetFields.add(List.of("spec"));
      }
    }

    public Builder clusterScoped() {
      namespaced = false;
      return this;
    }

    /// The form of names, checked with the rest of the metadata before the kind's own rules.
    public Builder named(NameRule rule) {
      name = rule;
      return this;
    }

    /// Updates check the metadata as of a new object too, after its change.
    public Builder checksNameOnUpdate() {
      return checksUpdates(UpdateOrder.CHANGE_WHOLE);
    }

    /// What updates check in which order; [UpdateOrder#CHANGE] when this is not said.
    public Builder checksUpdates(UpdateOrder given) {
      order = given;
      return this;
    }

    /// Finalizers need not be qualified names, as in groups that use apimachinery's validation alone.
    public Builder anyFinalizers() {
      anyFinalizers = true;
      return this;
    }

    /// Only `/status` writes the status.
    public Builder dropsStatus() {
      dropsStatus = true;
      resetFields.add(List.of("status"));
      return this;
    }

    /// What a client says of the status of a new object and the steps look at.
    public Builder keepsFirstStatus(String... fields) {
      firstStatus = List.of(fields);
      return this;
    }

    /// Starts `metadata.generation` at 1 and counts on when one of the fields changes (spec when none is named).
    public Builder countsGenerations(String... fields) {
      countsGenerations = true;
      countedFields = fields.length > 0 ? List.of(fields) : List.of("spec");
      return this;
    }

    /// Counts changes of the spec in `metadata.generation`, from nothing on.
    public Builder countsChanges() {
      firstGeneration = 0;
      return countsGenerations();
    }

    /// Starts `metadata.generation` at 1 and never counts on.
    public Builder startsGeneration() {
      countsGenerations = true;
      countedFields = List.of();
      return this;
    }

    /// Counts a list or map that was sent empty as another one than none, as Go's own comparison does.
    public Builder countsEmpties() {
      countsEmpties = true;
      return this;
    }

    /// Counts what was sent, be it dropped afterwards.
    public Builder countsAsSent() {
      countsAsSent = true;
      return this;
    }

    /// Counts a changed annotation too, as Deployments do.
    public Builder countsAnnotations() {
      countsAnnotations = true;
      return this;
    }

    /// Counts a changed label too, as EndpointSlices do.
    public Builder countsLabels() {
      countsLabels = true;
      return this;
    }

    /// A status write keeps these fields of the stored metadata too.
    public Builder keepsMetadata(String... fields) {
      for (String field : fields) {
        resetFields.add(List.of("metadata", field));
      }
      keptMetadata = List.of(fields);
      return this;
    }

    /// A status write keeps all of the stored metadata that a client may write.
    public Builder resetsMetadata() {
      resetFields.add(List.of("metadata"));
      keptMetadata = List.of("labels", "annotations", "finalizers", "ownerReferences", "deletionTimestamp", "generation");
      return this;
    }

    /// Deletions leave time.
    public Builder graceful(Grace rule) {
      grace = rule;
      return this;
    }

    /// A status write resets these paths in managedFields.
    public Builder resets(String... path) {
      resetFields.add(List.of(path));
      return this;
    }

    public Builder createsOnUpdate() {
      createsOnUpdate = true;
      return this;
    }

    /// Updates must name a resourceVersion.
    public Builder requiresResourceVersion() {
      unconditional = false;
      return this;
    }

    public Builder onCreate(CreateStep step) {
      createSteps.add(step);
      return this;
    }

    public Builder onUpdate(UpdateStep step) {
      updateSteps.add(step);
      return this;
    }

    /// The rules of new objects, which changed ones must keep too.
    public Builder rules(Rule rule) {
      createRule = createRule.and(rule);
      updateRule = updateRule.and(UpdateRule.of(rule));
      wholeRule = wholeRule.and(UpdateRule.of(rule));
      return this;
    }

    /// A rule of new objects, and the form that it has for changed ones.
    public Builder rules(Rule rule, UpdateRule changed) {
      createRule = createRule.and(rule);
      updateRule = updateRule.and(changed);
      wholeRule = wholeRule.and(changed);
      return this;
    }

    /// What a client must be allowed to do to make an object at all; told before anything else.
    public Builder permissions(ContextRule rule) {
      permissions.add(rule);
      return this;
    }

    public Builder createRules(Rule rule) {
      createRule = createRule.and(rule);
      return this;
    }

    public Builder contextRules(ContextRule rule) {
      contextRules.add(rule);
      return this;
    }

    public Builder contextUpdateRules(ContextUpdateRule rule) {
      contextUpdateRules.add(rule);
      return this;
    }

    public Builder updateRules(UpdateRule rule) {
      updateRule = updateRule.and(rule);
      ownUpdateRule = ownUpdateRule.and(rule);
      return this;
    }

    public Builder warns(Warnings texts) {
      warnings.add(texts);
      return this;
    }

    /// Refuses to delete some objects, by their names.
    public Builder checksDelete(Consumer<RequestContext> check) {
      deleteCheck = check;
      return this;
    }

    public Builder warnsOnDelete(Function<DeleteTerms, List<String>> texts) {
      deleteWarnings = texts;
      return this;
    }

    public Builder canonical(java.util.function.UnaryOperator<ObjectValue> change) {
      canonical = change;
      return this;
    }

    public Builder hooks(Hooks outside) {
      hooks = outside;
      return this;
    }

    public KindStrategy build() {
      return new KindStrategy(this);
    }

    private boolean countsMetadata(ObjectValue object, ObjectValue old) {
      return countsAnnotations && !Objects.equals(old.at("metadata", "annotations"), object.at("metadata", "annotations"))
          || countsLabels && !Objects.equals(old.at("metadata", "labels"), object.at("metadata", "labels"));
    }

    private ObjectValue keepStatus(ObjectValue object, ObjectValue old) {
      Value kept = old.get("status");
      if (kept == null) {
        FieldSchema field = struct.field("status");
        boolean printed = field != null && (!field.omitEmpty() || !field.pointer()) && field.shape() instanceof Struct;
        if (!printed || field == null || !(field.shape() instanceof Struct type)) {
          return object.without("status");
        }
        kept = SchemaOrder.zero(type);
      }
      return SchemaOrder.put(struct, object, "status", kept);
    }

    private ObjectValue keepAllButStatus(ObjectValue object, ObjectValue old) {
      ObjectValue out = old.toBuilder().build();
      ObjectValue metadata = object.object("metadata");
      for (String field : keptMetadata) {
        Value kept = old.at("metadata", field);
        metadata = kept == null ? metadata.without(field) : metadata.with(field, kept);
      }
      out = out.with("metadata", metadata);
      Value status = object.get("status");
      out = status == null ? out.without("status") : out.with("status", status);
      for (String name : Arrays.asList("kind", "apiVersion")) {
        Value value = object.get(name);
        if (value != null) {
          out = out.with(name, value);
        }
      }
      return SchemaOrder.sort(struct, out);
    }
  }
}
