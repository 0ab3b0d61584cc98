using System.Globalization;
using FlowKit.Cli.Output;
using FlowKit.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace FlowKit.Cli.Running;

/// <summary>
/// Gives one of the console's formatters what may be shown of each message and exception: callers, executors and workers have
/// written parts of them. In lines for people an exception stands below its message, a frame a line, and workers' names have colours of
/// their own on a terminal.
/// </summary>
/// <param name="inner">The formatter.</param>
/// <param name="isText">Whether it writes lines for people.</param>
/// <param name="isColoured">Whether workers' names are coloured.</param>
internal sealed class ShownConsoleFormatter(ConsoleFormatter inner, bool isText, bool isColoured) : ConsoleFormatter(inner.Name)
{
    /// <summary>The margin of each line of an exception, so that none can be taken for a message of its own.</summary>
    private const string Indent = "      ";

    /// <summary>The category and the event by which the host tells that it did not start.</summary>
    private const string Host = "Microsoft.Extensions.Hosting.Internal.Host";

    private const int StartFailed = 11;

    /// <summary>Puts one before each formatter that is there.</summary>
    public static void AddTo(IServiceCollection services)
    {
        var isColoured = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 };
        foreach (var added in services.Where(service => service.ServiceType == typeof(ConsoleFormatter)).ToList())
        {
            services.Remove(added);
            var isText = added.ImplementationType!.Name.StartsWith("Simple", StringComparison.Ordinal);
            services.AddSingleton<ConsoleFormatter>(provider => new ShownConsoleFormatter(
                (ConsoleFormatter)ActivatorUtilities.CreateInstance(provider, added.ImplementationType!), isText, isText && isColoured));
        }
    }

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        // The command itself tells why in one line for people, or that it was stopped.
        if (isText && logEntry.EventId.Id == StartFailed && logEntry.Category == Host)
        {
            return;
        }

        var message = ShownText.Of(logEntry.Formatter(logEntry.State, logEntry.Exception));
        var exception = logEntry.Exception is { } thrown ? new ShownException(thrown) : null;
        var state = new ShownState(
            isColoured ? Coloured(message, logEntry.EventId.Id) : message,
            logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
        var shown = new LogEntry<ShownState>(
            logEntry.LogLevel,
            logEntry.Category,
            logEntry.EventId,
            state,
            isText ? null : exception,
            static (state, _) => state.ToString());
        inner.Write(in shown, scopeProvider, textWriter);
        if (isText && exception is not null)
        {
            foreach (var line in exception.ToString().EnumerateLines())
            {
                textWriter.Write(Indent);
                textWriter.WriteLine(line);
            }
        }
    }

    private static string Coloured(string message, int eventId)
    {
        var end = eventId is EventIds.WorkerWrote or EventIds.WorkerLinesLeftOut ? message.IndexOf(" | ", StringComparison.Ordinal) : -1;
        if (end < 0)
        {
            return message;
        }

        var name = message[..end];
        var colour = 31 + (name.Aggregate(0, (sum, character) => sum + character) % 6);
        return string.Create(CultureInfo.InvariantCulture, $"\e[{colour}m{name}\e[0m{message[end..]}");
    }
}
