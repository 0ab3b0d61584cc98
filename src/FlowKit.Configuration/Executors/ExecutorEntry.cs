using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Executors;

/// <summary>An entry of <c>executors:</c> with what the deployment files it names say below it.</summary>
/// <param name="Keys">Its keys.</param>
/// <param name="Path">Its path, for messages: <c>executors.encoder</c>.</param>
/// <param name="File">The file that says what it uses.</param>
/// <param name="Opened">The file of an executor or a flow that it uses; <see langword="null"/> when it names none.</param>
internal sealed record ExecutorEntry(YamlMapping Keys, string Path, ConfigFile File, OpenedFile? Opened = null)
{
    /// <summary>The file that names the class.</summary>
    public ConfigFile Source => Opened?.File ?? File;
}
