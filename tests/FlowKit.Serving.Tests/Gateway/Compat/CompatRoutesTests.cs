using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>The families that a flow may name and those that are served are listed in two projects, and are the same.</summary>
public sealed class CompatRoutesTests
{
    [Fact]
    public void Every_family_has_a_name() =>
        Assert.Equal(typeof(CompatFamily).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(CompatFamily)) && !type.IsAbstract), CompatRoutes.Names.Count);

    [Fact]
    public void A_flow_may_name_those_that_are_served()
    {
        var exception = Assert.Throws<FlowConfigException>(() => FlowConfigReader.ReadText("{jtype: Flow, gateway: {compat: nobodys}}", "flow.yml"));

        Assert.Contains($"gateway.compat: expected {string.Join(", ", CompatRoutes.Names.Order(StringComparer.Ordinal))}, not ", exception.Message, StringComparison.Ordinal);
    }
}
