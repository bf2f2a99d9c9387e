using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>
/// Runs a real program for an exec, as a kubelet's container runtime does: output and errors on channels 1 and 2, the
/// status on 3, input from 0, and with v5 a message on 255 that closes the input.
/// </summary>
internal sealed class ExecHandler(FakePod pod, IReadOnlyList<string> command, bool hasInput, ApiFaults faults)
{
    private const byte Input = 0;
    private const byte Output = 1;
    private const byte Errors = 2;
    private const byte Status = 3;
    private const byte Close = 255;

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    public async Task RunAsync(WebSocket socket, CancellationToken stop)
    {
        using var writer = new ChannelWriter(socket, faults);
        if (faults.SendsNonsense)
        {
            await writer.SendAsync(Status, "nonsense", stop);
            await CloseAsync(socket, stop);
            return;
        }
        if (!pod.Programs.TryGetValue(command[0], out string? program))
        {
            await writer.SendAsync(Status, NotFound(command[0]).ToJsonString(), stop);
            await CloseAsync(socket, stop);
            return;
        }
        if (faults.BreakOf(command) is { } how)
        {
            if (how is not ExecBreak.SuccessWithoutRun)
                await RunUnseenAsync(stop);
            await writer.SendAsync(
                Status,
                (how is ExecBreak.StreamError ? StreamBroke() : Ended(0)).ToJsonString(),
                stop
            );
            await CloseAsync(socket, stop);
            return;
        }
        using Process process = Start(program);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task input = FeedAsync(new ChannelReader(socket), process, over.Token);
        try
        {
            await Task.WhenAll(
                CopyAsync(process.StandardOutput.BaseStream, Output, writer, stop),
                CopyAsync(process.StandardError.BaseStream, Errors, writer, stop)
            );
            await process.WaitForExitAsync(stop);
            if (!faults.LosesStatus)
                await writer.SendAsync(Status, Ended(process.ExitCode).ToJsonString(), stop);
            if (faults.AreStreamsSilent)
                await Task.Delay(Timeout.Infinite, stop);
            await CloseAsync(socket, stop);
        }
        catch (StreamCutException)
        {
            // The program continues: closing a stream does not end it.
            await process.WaitForExitAsync(stop);
        }

        // Canceling a read would reset the connection before the sent data arrives.
        over.CancelAfter(CloseLimit);
        await input.ContinueWith(
            _ => { },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    private Process Start(string program)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in command.Skip(1))
            start.ArgumentList.Add(InContainer(argument));
        EtcdEnvironment.Clear(start.Environment);
        foreach ((string name, string value) in pod.Environment)
            start.Environment[name] = InContainer(value);
        Process process = Process.Start(start)!;
        if (!hasInput)
            process.StandardInput.Close();
        return process;
    }

    /// <summary>The program uses the files of this machine: paths of the container are replaced by real ones.</summary>
    private string InContainer(string text)
    {
        foreach ((string path, string real) in pod.Files)
            if (text == path || text.EndsWith("=" + path, StringComparison.Ordinal))
                return text[..^path.Length] + real;

        // After a shell or env the program is an argument.
        return command[0] is "sh" or "env" && pod.Programs.GetValueOrDefault(text) is { } program ? program : text;
    }

    /// <summary>Runs the program to its end, and discards its output.</summary>
    public async Task RunUnseenAsync(CancellationToken stop)
    {
        using Process process = Start(pod.Programs[command[0]]);
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
    }

    private async Task CopyAsync(Stream from, byte channel, ChannelWriter writer, CancellationToken stop)
    {
        byte[] buffer = new byte[faults.OutputPiece];
        while (await from.ReadAsync(buffer, stop) is > 0 and var count)
        {
            if (faults.OutputPause > TimeSpan.Zero)
                await Task.Delay(faults.OutputPause, stop);
            await writer.SendAsync(channel, buffer.AsMemory(0, count), stop);
        }
    }

    private static async Task FeedAsync(ChannelReader reader, Process process, CancellationToken stop)
    {
        while (await reader.ReadAsync(stop) is { } message)
        {
            if (message.Channel == Input && !process.HasExited)
            {
                await process.StandardInput.BaseStream.WriteAsync(message.Data, stop);
                await process.StandardInput.BaseStream.FlushAsync(stop);
            }
            else if (message.Channel == Close && message.Data is [Input])
            {
                process.StandardInput.Close();
            }
        }
    }

    private static async Task CloseAsync(WebSocket socket, CancellationToken stop)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop);
    }

    private static JsonObject Ended(int exitCode)
    {
        if (exitCode == 0)
            return new JsonObject { ["metadata"] = new JsonObject(), ["status"] = "Success" };
        JsonObject status = ApiStatus.Failure(
            0,
            "NonZeroExitCode",
            $"command terminated with non-zero exit code: exit status {exitCode}"
        );
        status.Remove("code");
        status["details"] = new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = $"{exitCode}" }),
        };
        return status;
    }

    private static JsonObject StreamBroke() =>
        ApiStatus.Failure(
            500,
            "InternalError",
            "error reading from error stream: next reader: read tcp 10.0.0.1:51234->10.0.0.2:10250: read: "
                + "connection reset by peer"
        );

    private static JsonObject NotFound(string program) =>
        ApiStatus.Failure(
            500,
            "InternalError",
            "error executing command in container: failed to exec in container: failed to start exec "
                + "\"0f\": OCI runtime exec failed: exec failed: "
                + $"unable to start container process: exec: \"{program}\": executable file not found in $PATH: unknown"
        );
}
