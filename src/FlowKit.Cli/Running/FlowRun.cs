using System.CommandLine;
using FlowKit.Cli.Output;
using FlowKit.Hosting;
using FlowKit.Hosting.Services;
using FlowKit.Hosting.Telemetry;
using FlowKit.Serving;
using FlowKit.Serving.Gateway;
using FlowKit.Serving.Gateway.Logs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowKit.Cli.Running;

/// <summary>A run of a flow, in a host like any other: from its configuration to its last answer.</summary>
/// <param name="result">The parsed command line.</param>
/// <param name="logs">What is logged.</param>
/// <param name="announce">Tells people that the flow is ready, and where.</param>
internal sealed class FlowRun(ParseResult result, LogOptions logs, Action<Flow> announce)
{
    private readonly StartView _view = new();

    /// <summary>Runs the flow.</summary>
    /// <param name="registration">The flow.</param>
    /// <param name="configure">Sets how it is hosted.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task<int> ExecuteAsync(
        FlowRegistration registration, Action<FlowHostOptions> configure, CancellationToken cancellationToken)
    {
        using var signals = new StopSignals(cancellationToken);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "flowkit" });
        builder.Configuration.AddJsonFile("appsettings.json", optional: true, reloadOnChange: true).AddEnvironmentVariables();
        logs.Configure(result, builder.Logging, builder.Configuration);
        builder.Services.AddSingleton<IGatewayRoutes, MetricsRoute>();
        var tail = new LogTail(TimeProvider.System);
        builder.Logging.AddProvider(tail);
        builder.Services.AddSingleton<IGatewayRoutes>(new LogsRoute(tail, TimeProvider.System));
        TelemetryExport.Add(builder, "flowkit");
        // Signals are this command's own: the host's lifetime would swallow the second one, which is to end the program at once.
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        // The gateway's timeout_stop is the limit.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddFlow(registration, options =>
        {
            options.Listen = true;
            options.Progress = _view;
            options.OnWarning = Report.Warning;
            configure(options);
        });
        using var host = builder.Build();
        foreach (var (name, value) in registration.Config(host.Services).Env)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        try
        {
            await _view.RunAsync(() => host.StartAsync(signals.Token));
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            Report.Line("Stopped before the flow was ready.");
            return 0;
        }

        return await ServeAsync(host, registration, signals);
    }

    private async Task<int> ServeAsync(IHost host, FlowRegistration registration, StopSignals signals)
    {
        var flow = host.Services.GetRequiredKeyedService<Flow>(registration.Name);
        if (flow.Config.OnStart.Count > 0 && !_view.HasPosted)
        {
            Report.Line("The index is up to date.");
        }

        announce(flow);
        await Task.WhenAny(signals.Requested, flow.Ended);
        Report.Line("Stopping: answering what was accepted …");
        await host.StopAsync(CancellationToken.None);
        Report.Line("Stopped.");
        if (!flow.Ended.IsCompletedSuccessfully)
        {
            return 0;
        }

        Report.Warning((await flow.Ended).Message);
        return CommandLine.Failed;
    }
}
