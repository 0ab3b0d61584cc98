using System.Reflection;

namespace Aspire.Hosting.Running;

/// <summary>The programs that an app host of these tests starts.</summary>
internal static class Programs
{
    /// <summary>The command line of this build.</summary>
    public static string FlowKit { get; } = Find("flowkit");

    /// <summary>What starts an app host's resources; not there on a platform for which its package is not restored.</summary>
    public static string Orchestrator { get; } = Find("dcp");

    private static string Find(string name) => typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == name).Value!;
}
