using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Protos.Reflection.V1;
using Google.Protobuf.Reflection;
using Answer = FlowKit.Wire.Protos.Reflection.V1.ServerReflectionResponse;

namespace FlowKit.Serving.Grpc;

/// <summary>Tells which services a server has, and their descriptions. A file comes with all that it imports, as Jina's does.</summary>
internal sealed class ReflectionService(GrpcServer server)
{
    private static readonly Dictionary<string, FileDescriptor> s_files = Closure([
        Wire.Protos.V1.JinaReflection.Descriptor,
        Wire.Protos.Health.V1.HealthReflection.Descriptor,
        Wire.Protos.Reflection.V1.ReflectionReflection.Descriptor,
        Wire.Protos.Reflection.V1Alpha.ReflectionReflection.Descriptor,
    ]);

    private static readonly Dictionary<string, FileDescriptor> s_symbols = Symbols(s_files.Values);

    public void AddTo(GrpcServer target)
    {
        target.Add(JinaMethods.ReflectionAlpha, AnswerAsync);
        target.Add(JinaMethods.Reflection, AnswerAsync);
    }

    private async Task AnswerAsync(GrpcServerCall<ServerReflectionRequest, Answer> call)
    {
        call.AllowSilence();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, call.Stopping);
        try
        {
            await foreach (var request in call.ReadAllAsync(ending.Token))
            {
                await call.WriteAsync(AnswerTo(request));
            }
        }
        catch (OperationCanceledException) when (call.Stopping.IsCancellationRequested)
        {
            call.ThrowIfStopping();
        }
    }

    private Answer AnswerTo(ServerReflectionRequest request) => request.MessageRequestCase switch
    {
        ServerReflectionRequest.MessageRequestOneofCase.ListServices => new Answer
        {
            ListServicesResponse = new ListServiceResponse { Service = { server.Services.Select(name => new ServiceResponse { Name = name }) } },
        },
        ServerReflectionRequest.MessageRequestOneofCase.FileByFilename => Describe(s_files.GetValueOrDefault(request.FileByFilename), $"the file '{request.FileByFilename}'"),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol => Describe(s_symbols.GetValueOrDefault(request.FileContainingSymbol), $"the symbol '{request.FileContainingSymbol}'"),
        ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType => new Answer
        {
            AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType },
        },
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension => Describe(null, "an extension: there are none"),
        _ => Refuse(GrpcStatusCode.InvalidArgument, "nothing is asked"),
    };

    private static Answer Describe(FileDescriptor? file, string what) => file is null
        ? Refuse(GrpcStatusCode.NotFound, $"not here: {what}")
        : new Answer { FileDescriptorResponse = new FileDescriptorResponse { FileDescriptorProto = { Closure([file]).Values.Select(each => each.SerializedData) } } };

    private static Answer Refuse(GrpcStatusCode code, string message) => new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };

    private static Dictionary<string, FileDescriptor> Closure(IEnumerable<FileDescriptor> files)
    {
        var found = new Dictionary<string, FileDescriptor>(StringComparer.Ordinal);
        var open = new Queue<FileDescriptor>(files);
        while (open.TryDequeue(out var file))
        {
            if (found.TryAdd(file.Name, file))
            {
                foreach (var imported in file.Dependencies)
                {
                    open.Enqueue(imported);
                }
            }
        }

        return found;
    }

    private static Dictionary<string, FileDescriptor> Symbols(IEnumerable<FileDescriptor> files)
    {
        var symbols = new Dictionary<string, FileDescriptor>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            foreach (var service in file.Services)
            {
                symbols[service.FullName] = file;
                foreach (var method in service.Methods)
                {
                    symbols[method.FullName] = file;
                }
            }

            foreach (var type in file.EnumTypes)
            {
                symbols[type.FullName] = file;
            }

            Add(symbols, file.MessageTypes, file);
        }

        return symbols;
    }

    private static void Add(Dictionary<string, FileDescriptor> symbols, IEnumerable<MessageDescriptor> types, FileDescriptor file)
    {
        foreach (var type in types)
        {
            symbols[type.FullName] = file;
            Add(symbols, type.NestedTypes, file);
        }
    }
}
