namespace FlowKit.Specs.Monitoring;

/// <summary>A fact that needs Aspire's dashboard, which comes as a package for Linux on x64.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AspireFactAttribute : FactAttribute
{
    public AspireFactAttribute() => Skip = AspireDashboard.Program is null ? "Aspire's dashboard is restored on Linux on x64 alone." : null;
}
