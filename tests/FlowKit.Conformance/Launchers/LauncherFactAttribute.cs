using Xunit.Sdk;

namespace FlowKit.Conformance.Launchers;

/// <summary>A fact of <see cref="LauncherSuite"/>, skipped where the launcher lacks what it needs, such as a container engine.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("FlowKit.Conformance.Launchers.LauncherFactDiscoverer", "FlowKit.Conformance")]
public sealed class LauncherFactAttribute : FactAttribute;
