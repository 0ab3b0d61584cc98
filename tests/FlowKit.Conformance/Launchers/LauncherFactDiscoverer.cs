using Xunit.Abstractions;
using Xunit.Sdk;

namespace FlowKit.Conformance.Launchers;

/// <summary>Finds the facts of <see cref="LauncherSuite"/> in the classes that inherit it.</summary>
/// <param name="messages">Told of what goes wrong.</param>
public sealed class LauncherFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new LauncherTestCase(
            DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}
