using System.Reflection;
using FlowKit.Components;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Sources.Assemblies;

/// <summary>An assembly in its own world, with the executors in it. Who holds it, holds the world.</summary>
internal sealed class LoadedCode
{
    // Never read: a world that nobody refers to begins to unload, even when its code still runs.
    private readonly ExecutorLoadContext _context;
    private readonly List<ExecutorDescriptor> _executors;
    private readonly string _shown;

    private LoadedCode(ExecutorLoadContext context, BuiltAssembly built, string key, IEnumerable<Type> types)
    {
        _context = context;
        _shown = built.Shown;
        var comments = DocumentationComments.Beside(built.Path);
        _executors = [.. types.Select(type => new ExecutorDescriptor(type) { Code = this, Key = key, Comments = comments })];
        if (_executors.GroupBy(executor => executor.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            var named = string.Join(" and ", same.Select(executor => executor.Type.FullName));
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"two executors in '{_shown}' are named '{same.Key}': {named}; give one of them another [Executor(\"name\")]");
        }
    }

    /// <summary>Loads an assembly.</summary>
    /// <exception cref="FlowKitException">
    /// It is none, is for another .NET, misses something that it needs, or its executors are not valid.
    /// </exception>
    public static LoadedCode Load(BuiltAssembly built, string key)
    {
        try
        {
            var facts = AssemblyFacts.Read(built.Path);
            if (facts.Refusal is { } refusal)
            {
                throw Refuse(built, refusal, null);
            }

            var context = new ExecutorLoadContext(built.Root);
            if (
                facts.References.Where(name => !context.CanFind(name)).Select(
                    name => $"{name.Name} {name.Version}").ToList() is [_, ..] missing)
            {
                throw Refuse(built, $"it needs {string.Join(", ", missing)}, which is neither beside it nor a part of FlowKit; copy "
                    + $"it there, or build with CopyLocalLockFileAssemblies or 'dotnet publish'", null);
            }

            var types = context.Read(built.Path).GetExportedTypes().Where(ComponentCatalog.IsExecutor).ToList();
            return new LoadedCode(context, built, key, types);
        }
        catch (BadImageFormatException exception)
        {
            throw Refuse(built, $"it is no .NET assembly: {exception.Message}", exception);
        }
        catch (Exception exception)
            when (exception is TypeLoadException or FileLoadException or FileNotFoundException or MissingMethodException
                or ReflectionTypeLoadException or InvalidOperationException)
        {
            throw Refuse(
                built,
                $"its classes do not load: {exception.Message} Build it anew, against this FlowKit and with its dependencies beside it",
                exception);
        }
    }

    /// <summary>The executor that an entry means.</summary>
    /// <param name="config">The entry.</param>
    /// <param name="name">Its name or class; <see langword="null"/> for the only one.</param>
    /// <exception cref="FlowConfigException">There is none, or there are several.</exception>
    public ExecutorDescriptor Pick(ExecutorConfig config, string? name)
    {
        var found = name is null
            ? _executors
            : [.. _executors.Where(executor => executor.Name == name || executor.Type.FullName == name || executor.Type.Name == name)];
        var names = string.Join(", ", _executors.Select(executor => executor.Name));
        if (found.Count == 1)
        {
            return found[0];
        }

        var message = (_executors.Count, name) switch
        {
            (0, _) => $"'{_shown}' holds no executor; it needs a public class derived from Executor, "
                + "with public methods that have [Requests]",
            (_, null) => $"'{_shown}' holds {found.Count} executors: {names}; name one of them: '{_shown}#{_executors[0].Name}'",
            _ => $"'{_shown}' holds no executor named '{name}'; it holds {names}",
        };
        throw new FlowConfigException([new ConfigError(config.UsesPlace, "uses", message)]);
    }

    private static FlowKitException Refuse(BuiltAssembly built, string why, Exception? cause) =>
        new(FlowErrorCode.FailedPrecondition, $"'{built.Shown}' cannot be used: {why}.", cause);
}
