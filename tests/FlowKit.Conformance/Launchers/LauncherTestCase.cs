using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace FlowKit.Conformance.Launchers;

/// <summary>A fact that asks the class it runs in whether it can run.</summary>
public sealed class LauncherTestCase : XunitTestCase
{
    /// <summary>The static property of a class of tests with the reason for which its tests are skipped.</summary>
    public const string WhyMissing = "WhyMissing";

    /// <summary>For the framework, which reads test cases back.</summary>
    [Obsolete("Called by the framework.")]
    public LauncherTestCase()
    {
    }

    public LauncherTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    /// <inheritdoc/>
    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        (string?)TestMethod.TestClass.Class.ToRuntimeType().GetProperty(WhyMissing, BindingFlags.Public | BindingFlags.Static)?.GetValue(null)
        ?? base.GetSkipReason(factAttribute);
}
