/// Costs of the steps that every request is made of, measured by JMH. Run as `docs/performance.md` says.
@NullMarked
package io.thyra.benchmarks;

import org.jspecify.annotations.NullMarked;
