package io.thyra.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.codec.Canonical;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.VersionedType;
import io.thyra.schema.Schemas;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BuiltinGroupsTest {
  private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-05-06T07:08:09Z"), ZoneOffset.UTC);
  private static final List<ResourceDefinition> ALL = BuiltinGroups.all(Schemas.builtin(), RecordedWrites.needs(), CLOCK);
  private static final Map<GroupResource, ResourceDefinition> BY_RESOURCE =
      ALL.stream().collect(Collectors.toMap(ResourceDefinition::resource, Function.identity()));

  @Test
  void everyResourceOfTheSchemaIsDeclared() {
    assertThat(ALL.stream().flatMap(d -> d.schemas().stream()).map(s -> s.resource().toString()))
        .containsExactlyInAnyOrderElementsOf(Schemas.builtin().resources().stream().map(s -> s.resource().toString()).toList());
  }

  @Test
  void keysAreThoseOfUpstream() {
    assertThat(BY_RESOURCE.get(new GroupResource("", "services")).key("ns", "a")).isEqualTo("/registry/services/specs/ns/a");
    assertThat(BY_RESOURCE.get(new GroupResource("", "nodes")).key("", "n")).isEqualTo("/registry/minions/n");
    assertThat(BY_RESOURCE.get(new GroupResource("networking.k8s.io", "ingresses")).key("ns", "a")).isEqualTo("/registry/ingress/ns/a");
    assertThat(BY_RESOURCE.get(new GroupResource("events.k8s.io", "events")).key("ns", "a")).isEqualTo("/registry/events/ns/a");
  }

  @Test
  void defaultsOfDefaultedObjectsChangeNothing() {
    for (ResourceDefinition definition : ALL) {
      for (VersionedType type : definition.versions()) {
        ObjectValue once = type.defaults().apply(Canonical.zero(type.struct()));
        assertThat(type.defaults().apply(once)).as(type.kind().toString()).isEqualTo(once);
      }
    }
  }

  @Test
  void everyColumnHasACell() {
    for (ResourceDefinition definition : ALL) {
      ObjectValue zero = Canonical.zero(definition.hubVersion().struct());
      assertThat(definition.columns().cells().apply(zero, CLOCK.instant()))
          .as(definition.resource().toString())
          .hasSizeGreaterThanOrEqualTo(definition.columns().columns().size());
    }
  }

  @Test
  void agesHaveTwoFigures() {
    assertThat(Cells.human(Duration.ofSeconds(119))).isEqualTo("119s");
    assertThat(Cells.human(Duration.ofSeconds(125))).isEqualTo("2m5s");
    assertThat(Cells.human(Duration.ofMinutes(61))).isEqualTo("61m");
    assertThat(Cells.human(Duration.ofHours(3).plusMinutes(20))).isEqualTo("3h20m");
    assertThat(Cells.human(Duration.ofHours(49))).isEqualTo("2d1h");
    assertThat(Cells.human(Duration.ofDays(400))).isEqualTo("400d");
    assertThat(Cells.human(Duration.ofSeconds(-5))).isEqualTo("<invalid>");
  }
}
