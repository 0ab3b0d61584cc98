using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FlowKit.Cli.Running;

/// <summary>The options of every command that serves: what is logged, and in which form.</summary>
internal sealed class LogOptions
{
    private readonly Option<LogLevel?> _level = new("--log-level")
    {
        Description = "What is logged at least: trace, debug, information, warning, error, critical or none; over what 'Logging' in "
            + "appsettings.json says. Default information.",
    };
    private readonly Option<string> _format = new("--log-format")
    {
        Description = "How: simple, json or systemd.",
        DefaultValueFactory = _ => "simple",
    };

    public LogOptions(Command command)
    {
        _format.AcceptOnlyFromAmong("simple", "json", "systemd");
        command.Add(_level);
        command.Add(_format);
    }

    /// <summary>Adds the console in its form.</summary>
    public void Configure(ParseResult result, ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning)
            .AddFilter("Grpc", LogLevel.Warning)
            .AddFilter("FlowKit", LogLevel.Information);
        if (result.GetValue(_level) is null && result.GetRequiredValue(_format) == "simple")
        {
            // The command itself shows people what the host would log.
            logging.AddFilter("FlowKit.Hosting", LogLevel.Warning);
        }

        logging.AddConfiguration(configuration.GetSection("Logging"));
        if (result.GetValue(_level) is { } level)
        {
            logging.SetMinimumLevel(level).AddFilter(null, level).AddFilter("FlowKit", level);
        }

        switch (result.GetRequiredValue(_format))
        {
            case "json":
                logging.AddJsonConsole(console => console.IncludeScopes = true);
                break;
            case "systemd":
                logging.AddSystemdConsole();
                break;
            default:
                logging.AddSimpleConsole(console => console.SingleLine = true);
                break;
        }

        ShownConsoleFormatter.AddTo(logging.Services);
    }
}
