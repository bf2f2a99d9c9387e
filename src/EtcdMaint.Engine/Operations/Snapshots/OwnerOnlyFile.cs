using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace EtcdMaint.Engine.Operations.Snapshots;

/// <summary>Windows has rights in place of a mode: a file that inherits none and lets its owner in alone.</summary>
[SupportedOSPlatform("windows")]
internal static class OwnerOnlyFile
{
    public static FileStream Create(string path, FileStreamOptions options)
    {
        var security = new FileSecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        security.AddAccessRule(
            new FileSystemAccessRule(
                WindowsIdentity.GetCurrent().User!,
                FileSystemRights.FullControl,
                AccessControlType.Allow
            )
        );
        return new FileInfo(path).Create(
            options.Mode,
            FileSystemRights.Write,
            options.Share,
            options.BufferSize,
            FileOptions.None,
            security
        );
    }
}
