using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;
using FlowKit.Configuration.Remote;

namespace Aspire.Hosting.Flows;

/// <summary>
/// A flow's file with what an app host sets over it, checked whenever that grows. What only the running flow knows (the environment that
/// other resources make, parameters) is not judged here: <c>flowkit</c> does so when it starts.
/// </summary>
internal sealed class FlowDefinition
{
    private readonly string _resource;
    private readonly Dictionary<string, string?> _context = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);
    private FlowConfig _config;

    /// <summary>Reads the file.</summary>
    /// <param name="resource">The name of the resource, for messages.</param>
    /// <param name="path">The file's absolute path.</param>
    /// <exception cref="DistributedApplicationException">The file is not there, or is no flow that can be run.</exception>
    public FlowDefinition(string resource, string path)
    {
        (_resource, Path) = (resource, path);
        _config = Read(isComplete: false);
    }

    public string Path { get; }

    public GatewayConfig Gateway => _config.Gateway;

    /// <summary>Gives a value of <c>${{ CONTEXT.x }}</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value; <see langword="null"/> where only the running flow knows it.</param>
    public void SetContext(string name, string? value)
    {
        _context[name] = value;
        _config = Read(isComplete: false);
    }

    /// <summary>Sets a key over the file's, as <c>--set</c> does.</summary>
    public void Set(string path, string value)
    {
        _settings[path] = value;
        _config = Read(isComplete: false);
    }

    /// <summary>Checks that nothing is missing once the app host has set all that it does.</summary>
    /// <exception cref="DistributedApplicationException">The flow refers to a value of the context that nobody gives.</exception>
    public void Complete() => _config = Read(isComplete: true);

    /// <summary>Finds the entry of an executor that runs by itself and that one resource can be.</summary>
    /// <param name="name">The resource's name; an entry's may have <c>_</c> where that has <c>-</c>.</param>
    /// <exception cref="DistributedApplicationException">There is none.</exception>
    public string FindEntry(string name)
    {
        var underscored = name.Replace('-', '_');
        var entry = _config.Executors.FirstOrDefault(executor => executor.Name == name)
            ?? _config.Executors.FirstOrDefault(executor => executor.Name == underscored)
            ?? throw Fault(
                $"no executor is called '{name}'; external executors of {Path}: "
                    + $"{(External() is { Length: > 0 } known ? known : "none")}");
        if (entry.Uses != RemoteSection.Executor)
        {
            throw Fault($"{entry.Place}: executors.{entry.Name}: it runs in the flow; write 'external: true' for one that is a resource");
        }

        if (entry.Shards > 1)
        {
            throw Fault($"{entry.Place}: executors.{entry.Name}.shards: it has {entry.Shards} shards, and one resource is one executor");
        }

        var addresses = entry.UsesWith["addresses"]?.AsArray().Select(address => (string?)address) ?? [];
        return addresses.Any(address => address?.StartsWith("grpcs:", StringComparison.Ordinal) == true)
            ? throw Fault($"{entry.Place}: executors.{entry.Name}: it is asked with TLS, which the executor of a resource does not have")
            : entry.Name;
    }

    /// <summary>Checks that a path in <c>uses</c>, which starts in the folder of the flow's file, leads to something.</summary>
    /// <param name="executor">The name of the executor's resource.</param>
    /// <param name="uses">The executor.</param>
    /// <exception cref="DistributedApplicationException">It leads nowhere.</exception>
    public void CheckUses(string executor, string uses)
    {
        var reference = UsesReference.Parse(uses);
        var path = System.IO.Path.GetFullPath(reference.Target, System.IO.Path.GetDirectoryName(Path)!);
        if (reference.IsPath && !System.IO.Path.Exists(path))
        {
            throw Fault($"the executor '{executor}' uses '{uses}', but there is no {path}");
        }
    }

    private string External() => string.Join(
        ", ", _config.Executors.Where(executor => executor.Uses == RemoteSection.Executor).Select(executor => executor.Name));

    private FlowConfig Read(bool isComplete)
    {
        if (!File.Exists(Path) && !Directory.Exists(Path))
        {
            throw Fault($"there is no file {Path}");
        }

        var unknown = new UnknownValues(_context, isComplete);
        try
        {
            var options = new FlowReadOptions { Context = unknown, Environment = unknown.Find, Overrides = _settings };
            var config = FlowConfigReader.ReadLeniently(Path, options, out var found);
            IReadOnlyList<ConfigError> errors = [.. found.Where(error => !unknown.MayCause(error, config))];
            if (errors.Count > 0)
            {
                throw new FlowConfigException(errors);
            }

            return config.Gateway.Ports.Any(port => port.IsHttp)
                ? config
                : throw Fault($"{config.Gateway.Place}: gateway.protocol: expected http among them, as Aspire asks whether it is ready");
        }
        catch (FlowConfigException exception)
        {
            throw Fault($"it cannot be run:\n{exception.Message}", exception);
        }
    }

    private DistributedApplicationException Fault(string message, Exception? cause = null) =>
        new($"The flow '{_resource}': {message}{(message.EndsWith('.') ? "" : ".")}", cause!);
}
