package io.thyra.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PluginNamesTest {
  @Test
  void tellsUnknownNames() {
    assertThat(PluginNames.findProblems(List.of("AlwaysDeny", "Nonsense"), List.of("Other")))
        .containsExactly(
            "enable-admission-plugins plugin \"Nonsense\" is unknown", "disable-admission-plugins plugin \"Other\" is unknown");
  }

  @Test
  void tellsNamesThatStandInBothLists() {
    assertThat(PluginNames.findProblems(List.of("Priority", "AlwaysDeny"), List.of("AlwaysDeny", "Priority")))
        .containsExactly("[AlwaysDeny Priority] in enable-admission-plugins and disable-admission-plugins overlapped");
  }

  @Test
  void runsTwentySevenByDefault() {
    assertThat(PluginNames.running(Settings.DEFAULT)).hasSize(27).doesNotContain("AlwaysDeny").endsWith("ResourceQuota");
  }

  @Test
  void keepsTheOrderOfUpstreamWhateverTheOrderOfTheFlag() {
    var settings = new Settings(List.of("AlwaysDeny", "NamespaceExists"), List.of("PodSecurity"));
    assertThat(PluginNames.running(settings))
        .startsWith("NamespaceLifecycle", "NamespaceExists", "LimitRanger")
        .endsWith("AlwaysDeny")
        .doesNotContain("PodSecurity");
  }
}
