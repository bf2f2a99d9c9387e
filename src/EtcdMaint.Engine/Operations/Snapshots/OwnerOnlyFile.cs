using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace EtcdMaint.Engine.Operations.Snapshots;

/// <summary>
/// Creates a file that only its owner can access. Windows uses permissions instead of a mode, and this file inherits
/// none.
/// </summary>
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
