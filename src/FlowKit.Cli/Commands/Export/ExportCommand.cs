using System.CommandLine;
using FlowKit.Orchestration.Export;

namespace FlowKit.Cli.Commands.Export;

/// <summary><c>flowkit export</c>: a flow for an engine that runs it on many machines.</summary>
internal static class ExportCommand
{
    public static Command Create() => new("export", "A flow for an engine that runs it on many machines: compose, swarm, kubernetes.")
    {
        ExportTargetCommand.Create(
            ExportTarget.Compose,
            """
            Writes a flow for Docker Compose: docker-compose.yml, and the flow of its gateway.

            Examples:
              flowkit export compose out flow.yml
              flowkit export compose out flow.yml --build && docker compose --file out/docker-compose.yml up
            """),
        ExportTargetCommand.Create(
            ExportTarget.Swarm,
            """
            Writes a flow for Docker Swarm: stack.yml, and the flow of its gateway.

            Examples:
              flowkit export swarm out flow.yml --image-prefix registry.example.com/team
              docker stack deploy --compose-file out/stack.yml photos
            """),
        ExportTargetCommand.Create(
            ExportTarget.Kubernetes,
            """
            Writes a flow for Kubernetes: a folder of objects for the gateway and each executor, and a kustomization.

            Examples:
              flowkit export kubernetes out flow.yml --image-prefix registry.example.com/team --namespace photos
              kubectl apply --server-side --kustomize out
            """),
    };
}
