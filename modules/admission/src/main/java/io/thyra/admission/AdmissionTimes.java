package io.thyra.admission;

import io.thyra.registry.AdmissionAttributes.Operation;
import java.util.function.LongConsumer;

/// Is told how long plugins take. Safe for all threads.
@FunctionalInterface
public interface AdmissionTimes {
  /// Hears nothing.
  AdmissionTimes NONE = (_, _, _, _) -> _ -> {};

  /// What takes the nanoseconds of a plugin's turns of one sort; looked up once for each sort.
  ///
  /// @param plugin its name, empty for all together
  LongConsumer of(String plugin, Operation operation, boolean validating, boolean rejected);
}
