namespace FlowKit.Configuration.Executors;

/// <summary>The place where the code of an executor comes from.</summary>
internal enum UsesOrigin
{
    /// <summary>The program itself, by the executor's name or class.</summary>
    Name,

    /// <summary>A C# file.</summary>
    Source,

    /// <summary>A project, or the folder of one.</summary>
    Project,

    /// <summary>A compiled assembly.</summary>
    Assembly,

    /// <summary>A NuGet package: <c>nuget://Id@version</c>.</summary>
    Package,

    /// <summary>A name of Jina's hub, for which something here stands.</summary>
    Hub,
}
